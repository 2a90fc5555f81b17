"""The symbols of the library: it exports exactly the 404 symbols of the real library. Those that are not implemented
return NOT_SUPPORTED and are listed. No function dereferences an invalid handle. GPUSLICE_BUILD names the build
folder."""
import ctypes
import os
import re
import struct
from pathlib import Path

from check import done, equal, true

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Path(os.environ["GPUSLICE_SIM_NODE"]) / "lib/libnvidia-ml.so.1"
lib = ctypes.CDLL(str(LIBRARY))
NULLS = (None,) * 6


def exports(path):
    """Reads the ELF file: the names of the defined symbols that the dynamic linker can see, and whether they have
    versions."""
    data = path.read_bytes()
    sections_at, = struct.unpack_from("<Q", data, 0x28)
    entry, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, sections_at + i * entry) for i in range(count)]
    dynamic = next(s for s in sections if s[1] == 11)  # SHT_DYNSYM
    strings = sections[dynamic[6]][4]
    found = []
    for at in range(dynamic[4], dynamic[4] + dynamic[5], 24):
        name, info, other, section = struct.unpack_from("<IBBH", data, at)
        if section != 0 and info >> 4 in (1, 2):  # defined; global or weak
            found.append(data[strings + name:data.index(b"\0", strings + name)].decode())
    return found, any(s[1] == 0x6FFFFFFD for s in sections)  # SHT_GNU_verdef


def table(names):
    line = " "
    for name in names:
        if len(line) + len(name) > 158:
            print(line)
            line = " "
        line += " " + name[4:]
    print(line)


def bad_handles(implemented):
    """Calls each function whose first argument is a handle with invalid handles, and writable buffers as other
    arguments."""
    # Functions without a handle as first argument: they take nothing, a number, text, or a pointer to the caller's
    # memory.
    no_handle = {"nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlShutdown", "nvmlErrorString", "nvmlInternalGetExportTable", "nvmlEventSetCreate",
                 "nvmlDeviceGetCount", "nvmlDeviceGetCount_v2", "nvmlGetExcludedDeviceCount", "nvmlGetExcludedDeviceInfoByIndex", "nvmlGetBlacklistDeviceCount",
                 "nvmlGetBlacklistDeviceInfoByIndex", "nvmlUnitGetCount", "nvmlGetVgpuVersion", "nvmlDeviceQueryDrainState", "nvmlGpmSampleAlloc",
                 "nvmlGpmMetricsGet"}
    take_handle = [s for s in implemented if s not in no_handle and not re.match(r"nvmlSystem|nvmlDeviceGetHandleBy", s)]
    true(len(take_handle) > 70, f"functions that take a handle: {len(take_handle)}")
    equal(lib.nvmlInit_v2(), 0, "init")
    device = ctypes.c_void_p()
    equal(lib.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)), 0, "a handle")
    page = ctypes.create_string_buffer(4096)
    here = ctypes.addressof(page)
    bad = [None, 1, 0x1234, here, device.value + 1, device.value + 8, device.value - 4096, device.value + 64 * 1024 * 40, 2**63, 2**64 - 1]
    calls = 0
    for symbol in take_handle:
        for handle in bad:
            buffers = [ctypes.create_string_buffer(4096) for _ in range(4)]
            # The second argument is a pointer for some functions and a number (an index, a mode, an id) for others: try
            # both.
            for second in (buffers[0], 0):
                if second == 0 and symbol.startswith("nvmlDeviceGet") and "ProcessDetail" in symbol:
                    continue
                answer = getattr(lib, symbol)(ctypes.c_void_p(handle), second, *buffers[1:])
                # This call checks the version word first.
                versioned = 25 if symbol == "nvmlDeviceGetRunningProcessDetailList" else 2
                equal(answer in (2, versioned), True, f"{symbol}({handle and hex(handle)}, ...) answers {answer}")
                calls += 1
    equal(lib.nvmlShutdown(), 0, "shutdown")
    return len(take_handle), len(bad), calls


def main():
    symbols = [line for line in (ROOT / "src/abi/symbols.txt").read_text().split("\n") if line.startswith("nvml")]
    equal(len(symbols), 404, "symbols of the real library")
    exported, versioned = exports(LIBRARY)
    equal(sorted(exported), sorted(symbols), "what the library exports")
    equal(versioned, False, "whether the symbols have versions")
    generated = (Path(os.environ["GPUSLICE_BUILD"]) / "src/simnvml/stubs.cpp").read_text()
    stubs = sorted(re.findall(r"^NVML_EXPORT (nvml\w+)\(\)", generated, re.M))
    true(stubs and set(stubs) < set(symbols), "the stubs are symbols")
    implemented = sorted(set(symbols) - set(stubs))
    for symbol in symbols:
        getattr(lib, symbol)  # raises AttributeError if dlsym does not find it
    for symbol in stubs:
        equal(getattr(lib, symbol)(*NULLS), 1, f"{symbol} before nvmlInit")
    for symbol in implemented:  # without nvmlInit, every other function returns UNINITIALIZED, too
        if symbol not in ("nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlErrorString", "nvmlInternalGetExportTable"):
            equal(getattr(lib, symbol)(*NULLS), 1, f"{symbol} before nvmlInit")
    equal(lib.nvmlInit_v2(), 0, "init")
    device = ctypes.c_void_p()
    equal(lib.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)), 0, "a handle")
    for symbol in stubs:
        equal(getattr(lib, symbol)(*NULLS), 3, symbol)
        equal(getattr(lib, symbol)(device, 0, 0, 0, 0, 0), 3, f"{symbol} of a GPU")
    # With NULL for every argument, no function may crash, and none that has a result may succeed.
    for symbol in implemented:
        if symbol not in ("nvmlInit", "nvmlInit_v2", "nvmlInitWithFlags", "nvmlShutdown", "nvmlErrorString"):
            answer = getattr(lib, symbol)(*NULLS)
            equal(answer in (2, 3) if symbol == "nvmlInternalGetExportTable" else answer == 2, True, f"{symbol}(NULL...) answers {answer}")
    equal(lib.nvmlShutdown(), 0, "shutdown")
    functions, handles, calls = bad_handles(implemented)
    print(f"{len(symbols)} symbols exported: {len(implemented)} implemented, {len(stubs)} answer NOT_SUPPORTED:")
    table(stubs)
    print(f"{functions} functions, each with {handles} invalid handles: {calls} calls, none dereferenced one")
    done()


if __name__ == "__main__":
    main()
