#!/usr/bin/env python3
"""Clients get increasing pids even if the kernel's pids wrap around. Pids and processes are simulated here."""
import unittest
from types import SimpleNamespace

from clients import Clients, with_rising_pids


class Kernel:
    """Assigns pids from `first` on, and after `last` from `low` on, as Linux does. Between two clients, other programs
    use `others` pids."""

    def __init__(self, first, last=32768, low=300, others=0):
        self.next, self.last, self.low, self.others = first, last, low, others
        self.stories, self.running = 0, []

    def begin(self, words):
        process = SimpleNamespace(pid=self.next, words=words)
        for _ in range(1 + self.others):
            self.next = self.next + 1 if self.next < self.last else self.low
        self.running.append(process)
        return process

    def end(self, process):
        self.running.remove(process)

    def story(self, commands):
        """The clients in nvidia-smi's order after these commands; "-" detaches the clients."""
        self.stories += 1
        clients = Clients(self.begin, self.end)
        try:
            for command in commands:
                clients.detach() if command == "-" else clients.attach(command)
            return "".join(process.words for process in sorted(self.running, key=lambda process: process.pid))
        finally:
            clients.detach()


class RisingPids(unittest.TestCase):
    def told(self, kernel, commands):
        listed = with_rising_pids(lambda: kernel.story(commands))
        self.assertEqual(kernel.running, [])
        return listed

    def test_without_a_wrap_the_commands_run_once(self):
        kernel = Kernel(1000)
        self.assertEqual(self.told(kernel, "abc"), "abc")
        self.assertEqual(kernel.stories, 1)

    def test_the_order_is_that_of_the_commands_wherever_pids_wrap(self):
        for first in range(32760, 32769):
            with self.subTest(first=first):
                kernel = Kernel(first)
                self.assertEqual(self.told(kernel, "abcd"), "abcd")
                self.assertEqual(kernel.stories, 2 if first > 32765 else 1)

    def test_other_programs_use_pids_too(self):
        kernel = Kernel(32000, others=400)
        self.assertEqual(self.told(kernel, "abcd"), "abcd")
        self.assertEqual(kernel.stories, 2)

    def test_a_wrap_after_a_detach_needs_no_repetition(self):
        kernel = Kernel(32767)
        self.assertEqual(self.told(kernel, "ab-cd"), "cd")
        self.assertEqual(kernel.stories, 1)

    def test_pids_that_never_increase_are_an_error(self):
        kernel = Kernel(300, last=300)
        falling = iter(range(1000, 0, -1))
        kernel.begin = lambda words: SimpleNamespace(pid=next(falling), words=words)
        kernel.end = lambda process: None
        with self.assertRaisesRegex(RuntimeError, "5 times in a row"):
            with_rising_pids(lambda: kernel.story("ab"))
        self.assertEqual(kernel.stories, 5)


if __name__ == "__main__":
    unittest.main()
