"""The clients of a node, with pids that rise in the order in which they were attached.

nvidia-smi lists processes by pid, and a golden has them in the order of its commands, so a client whose pid is lower than
the one before it would be listed elsewhere. That happens when the kernel's pids wrap around. Then the whole story of the
node is told again, on a new node. Clients that begin again on the node as it is would not do: one may be refused by now
(MIG mode was switched on beside it), and accounting shows it twice.
"""


class PidsWrapped(Exception):
    """A client's pid is lower than that of the one before it."""


class Clients:
    def __init__(self, begin, end):
        """`begin(words)` gives a process, with its `pid`; `end(process)` returns when it is gone."""
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
    """What `story()` returns when no pids wrap around in it. Two wraps in a row take tens of thousands of processes."""
    for _ in range(tries):
        try:
            return story()
        except PidsWrapped:
            pass
    raise RuntimeError(f"the kernel's pids wrapped around between the clients of a node, {tries} times in a row")
