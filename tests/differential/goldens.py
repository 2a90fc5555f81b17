"""Golden files of commands and their output: readable text, and small although views of hundreds of lines occur often.

A step is `$ nvidia-smi ARGUMENTS` or `$ @ACTION ON THE HOST`. The first time a command occurs in a file, its whole
output follows; later only the changes since the last time: `%keep N` repeats N lines of the earlier output, `%drop N`
omits N, and the lines between are new (a new line that begins with % or $ is written with a \\ before it). `%stderr`
starts the standard error, `%no newline` means that the text before it has no final line end, `%status N` ends the step.
`%known` before that means that the work-alike prints something else, for a reason that README.md gives.
"""
import difflib


class Step:
    def __init__(self, command, out="", err="", status=None, known=False):
        self.command, self.out, self.err, self.status, self.known = command, out, err, status, known

    def same(self, other):
        return (self.out, self.err, self.status) == (other.out, other.err, other.status)


def _lines(text):
    if not text:
        return []
    lines = text.splitlines(True)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
        lines.append("%no newline\n")
    return lines


def _text(lines):
    if lines and lines[-1] == "%no newline\n":
        return "".join(lines[:-1])[:-1]
    return "".join(lines)


def _escape(line):
    return "\\" + line if line[0] in "%$\\" and line != "%no newline\n" else line


def _unescape(line):
    return line[1:] if line[0] == "\\" else line


def _changed(old, new):
    parts = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(f"%keep {i2 - i1}\n")
            continue
        if i2 > i1:
            parts.append(f"%drop {i2 - i1}\n")
        parts += [_escape(line) for line in new[j1:j2]]
    return parts


class Writer:
    def __init__(self, title):
        self.parts = [f"# {title}\n"]
        self.before = {}

    def add(self, step):
        if step.status is None:
            self.parts.append(f"$ {step.command}\n")
            return
        self.parts.append(f"$ nvidia-smi {step.command}\n")
        lines = _lines(step.out)
        old = self.before.get(step.command)
        if old is not None and old and len(lines) > 3:
            self.parts += _changed(old, lines)
        else:
            self.parts += [_escape(line) for line in lines]
        self.before[step.command] = lines
        if step.err:
            self.parts += ["%stderr\n"] + [_escape(line) for line in _lines(step.err)]
        if step.known:
            self.parts.append("%known\n")
        self.parts.append(f"%status {step.status}\n")

    def text(self):
        return "".join(self.parts)


def read(text):
    """The steps of a golden file, in order."""
    steps, before = [], {}
    command = out = err = None
    place = 0
    known = False
    for line in text.splitlines(True):
        if line.startswith("$ @"):
            steps.append(Step(line[2:-1]))
        elif line.startswith("$ nvidia-smi "):
            command, out, err, place, known = line[len("$ nvidia-smi "):-1], [], None, 0, False
        elif command is None:
            continue
        elif line.startswith("%keep "):
            count = int(line.split()[1])
            out += before[command][place:place + count]
            place += count
        elif line.startswith("%drop "):
            place += int(line.split()[1])
        elif line == "%known\n":
            known = True
        elif line == "%stderr\n":
            err = []
        elif line.startswith("%status "):
            before[command] = out
            steps.append(Step(command, _text(out), _text(err or []), int(line.split()[1]), known))
            command = None
        else:
            (out if err is None else err).append(line if line == "%no newline\n" else _unescape(line))
    return steps
