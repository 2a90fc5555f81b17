"""Compares our struct layouts and version words (the literals next to the declarations in src/abi/nvml*.hpp) with those
of nvidia-ml-py, a client of another origin. Every struct is either compared field by field, or listed here with the
reason why it is not."""
import ctypes
import re
from pathlib import Path

import pynvml
from check import done, equal, true

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEADER = "".join(path.read_text() for path in sorted((SOURCE / "abi").glob("nvml*.hpp")))
CODES = (SOURCE / "base/driver_codes.hpp").read_text()

# Names that the client spells differently.
SPELLINGS = {
    "nvmlDeviceAddressingMode_v1_t": "c_nvmlDeviceAddressingMode_t",
    "nvmlDeviceAttributes_t": "c_nvmlDeviceAttributes",
    "nvmlGpmMetricInfo_t": "c_metricInfo_t",
    "nvmlGridLicensableFeature_t": "c_nvmlGridLicensableFeature_v4_t",
    "nvmlGridLicensableFeature_v1_t": "c_nvmlGridLicensableFeature_t",
    "nvmlGridLicensableFeatures_t": "c_nvmlGridLicensableFeatures_v4_t",
    "nvmlGridLicensableFeatures_v1_t": "c_nvmlGridLicensableFeatures_t",
    "nvmlPdi_v1_t": "c_nvmlPdi_t",
    "nvmlRowRemapperHistogramValues_t": "c_nvmlRowRemapperHistogramValues",
    "nvmlUUID_v1_t": "c_nvmlUUID_t",
}
# Structs that the client does not declare; src/abi/nvml_abi_test.cpp compares them with literals.
NOT_IN_CLIENT = {
    "nvmlAccountingStats_v2_t", "nvmlComputeInstanceProfileInfo_v3_t", "nvmlGpuInstanceProfileInfo_v3_t", "nvmlProcessInfo_v1_t",
    "nvmlRemappedRowsInfo_v2_t", "nvmlUnrepairableMemoryStatus_v1_t",
    # Layouts of older headers.
    "nvmlComputeInstanceInfo_v1_t", "nvmlDeviceAttributes_v1_t", "nvmlEventData_v1_t", "nvmlPciInfo_v1_t",
}
WORDS_NOT_IN_CLIENT = {"nvmlComputeInstanceProfileInfo_v3", "nvmlGpuInstanceProfileInfo_v3"}
# Structs whose size or version word in the client differs from that in NVML's header: the client's value and the
# reason.
CLIENT_DIFFERS = {
    "nvmlGpuFabricInfo_t": (92, "its clusterUuid is a UUID's text buffer of 80 bytes; the header's is 16 bytes, the struct 28"),
    "nvmlC2cModeInfo_v1": (0x01000008, "it includes a version field that the header's struct of 4 bytes does not have"),
}
# Fields that the client names differently.
FIELD_SPELLINGS = {"nvmlExcludedDeviceInfo_t.pci": "pciInfo"}


def declared():
    """Returns name -> (size, {field: offset}) for every struct whose size our headers assert."""
    found = {name: (int(size), {}) for name, size in re.findall(r"sizeof\((\w+)\) == (\d+)", HEADER)}
    for name, field, offset in re.findall(r"offsetof\(\s*(\w+),\s*(\w+)\) == (\d+)", HEADER):
        found[name][1][field] = int(offset)
    return found


def compare(name, size, fields):
    client = getattr(pynvml, SPELLINGS.get(name, "c_" + name), None) or getattr(pynvml, name, None)
    if client is None:
        equal(name in NOT_IN_CLIENT, True, f"{name} is not in the client")
        return 0, 0
    equal(name in NOT_IN_CLIENT, False, f"{name} is in the client although it is listed as missing")
    if name in CLIENT_DIFFERS:
        equal(ctypes.sizeof(client), CLIENT_DIFFERS[name][0], f"{name} in the client, where it is known to differ")
        print(f"left out: {name}: {CLIENT_DIFFERS[name][1]}")
        return 0, 0
    equal(ctypes.sizeof(client), size, f"size of {name}")
    if issubclass(client, ctypes.Union):
        return 1, 0
    theirs = {FIELD_SPELLINGS.get(f"{name}.{field[0]}", field[0]): getattr(client, field[0]).offset for field in client._fields_}
    if fields:  # our headers assert all fields of a struct or none
        equal(theirs, fields, f"fields of {name}")
    return 1, len(fields)


def main():
    known = declared()
    structs = fields = words = 0
    for name, (size, offsets) in sorted(known.items()):
        one, several = compare(name, size, offsets)
        structs += one
        fields += several
    for name, word in re.findall(r"inline constexpr unsigned (nvml\w+_v\d) = (0x[0-9A-Fa-f]+);", HEADER):
        theirs = getattr(pynvml, name, getattr(pynvml, name.removeprefix("nvml"), None))  # some names lack "nvml"
        if name in CLIENT_DIFFERS:
            equal(theirs, CLIENT_DIFFERS[name][0], f"{name} in the client, where it is known to differ")
            print(f"left out: {name}: {CLIENT_DIFFERS[name][1]}")
        elif theirs is None:
            equal(name in WORDS_NOT_IN_CLIENT, True, f"{name} is not in the client")
        else:
            equal(theirs, int(word, 16), name)
            words += 1
    codes = dict(re.findall(r"(NVML_(?:SUCCESS|ERROR_\w+)) = driver_code\(\"(\w+)\"\),", HEADER))
    numbers = {name: int(value) for value, name in re.findall(r"\{(\d+), \"(\w+)\",", CODES)}
    for name, code in codes.items():
        equal(getattr(pynvml, name), numbers[code], name)
    true(structs >= 40 and fields >= 190 and words >= 14 and len(codes) == 32, f"enough to compare: {structs}, {fields}, {words}, {len(codes)}")
    print(f"{structs} structs, {fields} fields, {words} version words and {len(codes)} return codes agree with the client; it has no "
          f"{', '.join(sorted(NOT_IN_CLIENT))}")
    done()


if __name__ == "__main__":
    main()
