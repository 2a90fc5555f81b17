"""The parts of a view that change between runs and are redacted. No others are: date, pid, temperature, power, file."""

import re

DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 1-3]\d "
                  r"\d\d:\d\d:\d\d \d{4}")
PROCESS = re.compile(r"\| +\d+ +(?:N/A|\d+) +(?:N/A|\d+) +\d+ +[CGM+]+ ")
FILE = re.compile(r"^([-bcdlps][-rwxsStT]{9})\.? +(\d.*) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 1-3]\d \d\d:\d\d ")
SECOND_ROW = re.compile(r"\| [ \dN][ \d/][%A] +\S+ +P\d")  # fan, temperature, performance state of a GPU
# Columns of R580's tables: the pid of a process row, temperature and power of a GPU's second row.
PID, TEMPERATURE, POWER = slice(17, 33), slice(7, 11), slice(28, 33)


def date(line, printed):
    # A real date line ends in seven blanks, which are missing in the seeds. A line that we print must have them.
    stripped = line[:-7] if printed and line.endswith(" " * 7) else line
    return "(date)" if DATE.fullmatch(stripped) and (not printed or stripped != line) else line


def cell(line, where, shape, word):
    if not re.fullmatch(shape, line[where]):
        return line
    return line[:where.start] + word.rjust(where.stop - where.start) + line[where.stop:]


def pid(line, printed):
    return cell(line, PID, r" *\d+", "(pid)") if PROCESS.match(line) else line


def temperature(line, printed):
    return cell(line, TEMPERATURE, r" *\d+C", "(t)C") if SECOND_ROW.match(line) else line


def power(line, printed):
    return cell(line, POWER, r" *\d+W", "(p)W") if SECOND_ROW.match(line) else line


def file(line, printed):
    # In a line of `ls -l`: the time, and the dot after the mode on a host with SELinux.
    return FILE.sub(r"\1  \2 (time) ", line)


CLOSED_LIST = {"date": date, "pid": pid, "temperature": temperature, "power": power, "file": file}


def redact(text, names, printed):
    """`text` with the redactions `names`. `printed` is true for output of the program."""
    lines = text.splitlines()
    for name in names:
        lines = [CLOSED_LIST[name](line, printed) for line in lines]
    return "".join(line + "\n" for line in lines)
