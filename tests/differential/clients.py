"""The clients of a node, with pids that increase in the order in which they were attached.

nvidia-smi lists processes by pid, and a golden lists them in the order in which they were attached. If a client's pid
were lower than that of the one before, the order would differ. That happens when the kernel's pids wrap around; then
all commands of the node are run again on a new node. Restarting only the clients would not work: one may now be refused
(because MIG mode was enabled after it started), and accounting would list it twice.
"""


class PidsWrapped(Exception):
    """A client's pid is lower than that of the one before it."""


class Clients:
    def __init__(self, begin, end):
        """`begin(words)` returns a process with its `pid`; `end(process)` returns once the process is gone."""
        self.begin, self.end = begin, end
        self.running = []

    def attach(self, words):
        self.running.append(self.begin(words))
        if len(self.running) > 1 and self.running[-1].pid < self.running[-2].pid:
            raise PidsWrapped

    def detach(self):
        while self.running:
            self.end(self.running.pop())


def with_rising_pids(story, tries=5):
    """Repeats `story()` until no pids wrap around in it. Two wraps in a row would need tens of thousands of
    processes."""
    for _ in range(tries):
        try:
            return story()
        except PidsWrapped:
            pass
    raise RuntimeError(f"the kernel's pids wrapped around between the clients of a node, {tries} times in a row")
