"""Runs a program on its own pseudo-terminal and reads and types as a person does."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time


class OnTerminal:
    def __init__(self, words, environment, columns=200):
        """Standard input, output and error of the program are the terminal, and Ctrl-C is sent as a key."""
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, env=environment, preexec_fn=take_terminal)
        os.close(slave)
        self.seen = ""

    def read(self, seconds):
        """Reads the output that arrives within this time; returns False at the end of the output."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the last process has closed the terminal
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def until(self, text, seconds=60):
        """Waits for the text. Returns the output up to its end, which later calls do not return again."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > end or not self.read(0.1):
                raise AssertionError(f"never seen: {text!r} in {self.seen!r}")
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self, seconds=60):
        """Waits for the program to end. Returns (exit status, output since the last call)."""
        end = time.monotonic() + seconds
        while self.read(0.1) and (self.process.poll() is None or select.select([self.master], [], [], 0)[0]):
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError(f"has not ended: {self.seen!r}")
        status = self.process.wait(seconds)
        os.close(self.master)
        return status, self.seen
