"""Struct layouts: ours (asserted as literals in src/abi/nvml.hpp) against those of nvidia-ml-py, an independent client."""
import ctypes
import re
from pathlib import Path

import pynvml
from check import done, equal

header = (Path(__file__).resolve().parents[2] / "src/abi/nvml.hpp").read_text()
sizes = {name: int(size) for name, size in re.findall(r"static_assert\(sizeof\((\w+)\) == (\d+)\)", header)}
offsets = {}
for name, field, offset in re.findall(r"offsetof\((\w+), (\w+)\) == (\d+)", header):
    offsets.setdefault(name, {})[field] = int(offset)
words = {name: int(word, 16) for name, word in re.findall(r"inline constexpr unsigned (nvml\w+_v\d) = (0x[0-9A-Fa-f]+);", header)}

# Names that the client spells otherwise.
SPELLINGS = {"nvmlProcessInfo_v2_t": "c_nvmlProcessInfo_v2_t", "nvmlMemory_t": "c_nvmlMemory_t", "nvmlPciInfo_t": "nvmlPciInfo_t"}
# Where the client itself differs from NVML's header, with the reason.
CLIENT_WRONG = {"nvmlGpuFabricInfo_t": "its clusterUuid is a text buffer of 80 bytes; NVML's is 16 bytes, the struct 28 (measured on the header)",
                "nvmlC2cModeInfo_v1": "it counts a version field that the header's struct of 4 bytes does not have"}
structs = fields = 0
missing = []
for name, size in sorted(sizes.items()):
    client = next((getattr(pynvml, spelling) for spelling in (SPELLINGS.get(name), "c_" + name, name) if spelling and hasattr(pynvml, spelling)), None)
    if client is None or not (isinstance(client, type) and issubclass(client, ctypes.Structure)):
        missing.append(name)
        continue
    if name in CLIENT_WRONG:
        print(f"left out: {name}: {CLIENT_WRONG[name]}")
        continue
    structs += 1
    equal(ctypes.sizeof(client), size, f"size of {name}")
    for field in offsets.get(name, {}):
        if hasattr(client, field):
            fields += 1
            equal(getattr(client, field).offset, offsets[name][field], f"{name}.{field}")
version_words = 0
for name, word in words.items():
    if name in CLIENT_WRONG:
        print(f"left out: {name}: {CLIENT_WRONG[name]}")
        continue
    if isinstance(getattr(pynvml, name, None), int):
        version_words += 1
        equal(getattr(pynvml, name), word, name)
equal(structs > 30 and fields > 150 and version_words > 10, True, f"enough to compare: {structs}, {fields}, {version_words}")
print(f"{structs} structs, {fields} fields and {version_words} version words agree; the client has no such struct: {', '.join(missing)}")
done()
