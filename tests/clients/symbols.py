"""Every symbol of the real library is there; those we do not implement answer NOT_SUPPORTED, and are listed here."""
import ctypes
import os
import re
from pathlib import Path

from check import done, equal

root = Path(__file__).resolve().parents[2]
lib = ctypes.CDLL("libnvidia-ml.so.1")
symbols = [line for line in (root / "src/abi/symbols.txt").read_text().split("\n") if line.startswith("nvml")]
equal(len(symbols), 404, "symbols of the real library")
sources = "".join(path.read_text() for path in (root / "src/simnvml").glob("*.cpp"))
implemented = set(re.findall(r"^NVML_EXPORT (nvml\w+)", sources, re.M)) | {"nvmlErrorString"}
stubs = [symbol for symbol in symbols if symbol not in implemented]
for symbol in symbols:
    getattr(lib, symbol)  # AttributeError when it is missing
for symbol in stubs:
    equal(getattr(lib, symbol)(None, None, None, None, None, None), 1, f"{symbol} before nvmlInit")
equal(lib.nvmlInit_v2(), 0, "init")
for symbol in stubs:
    equal(getattr(lib, symbol)(None, None, None, None, None, None), 3, symbol)
# The rest with nothing but NULL: no crash, and no success that writes nowhere.
quiet = {"nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlShutdown", "nvmlErrorString"}
for symbol in sorted(implemented - quiet):
    equal(getattr(lib, symbol)(None, None, None, None, None, None) in (2, 3, 6), True, f"{symbol}(NULL...)")
print(f"{len(implemented)} implemented, {len(stubs)} answer NOT_SUPPORTED:")
line = " "
for symbol in stubs:
    if len(line) + len(symbol) > 158:
        print(line)
        line = " "
    line += " " + symbol[4:]
print(line)
done()
