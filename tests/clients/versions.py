"""Reads the same fact through every version of a call, and tries wrong version words. Argument: the node's name."""
import ctypes

import pynvml as n
from check import done, equal, true
from node import INVALID, TOO_SMALL, VERSION, compute_profiles, profiles, switch, text

U32, U64 = ctypes.c_uint32, ctypes.c_uint64
GI_FIELDS = ["sliceCount", "instanceCount", "multiprocessorCount", "copyEngineCount", "decoderCount", "encoderCount", "jpegCount", "ofaCount"]
CI_FIELDS = ["sliceCount", "instanceCount", "multiprocessorCount", "sharedCopyEngineCount", "sharedDecoderCount", "sharedEncoderCount",
             "sharedJpegCount", "sharedOfaCount"]


class GpuInfo3(ctypes.Structure):  # nvidia-ml-py has no version 3; NVML's header: 152 bytes
    _fields_ = [("version", U32), ("id", U32)] + [(f, U32) for f in GI_FIELDS] + [("memorySizeMB", U64), ("name", ctypes.c_char * 96), ("capabilities", U32)]


class ComputeInfo3(ctypes.Structure):  # NVML's header: 140 bytes
    _fields_ = [("version", U32), ("id", U32)] + [(f, U32) for f in CI_FIELDS] + [("name", ctypes.c_char * 96), ("capabilities", U32)]


def code(name, *args):
    return getattr(lib, name)(*args)


def wrong_words(name, size, *args):
    """For a wrong version word, the MIG calls return INVALID_ARGUMENT, as on hardware, and write no byte."""
    words = (0, 1, size, 0x01000000 | size, 0x02000000 | size - 1, 0x02000000 | size + 4, 0x03000000 | size - 4, 0x03000000 | size + 8,
             0x04000000 | size, 0xFFFFFFFF)
    for word in words:
        block = (U32 * 64)(*([0xA5A5A5A5] * 64))
        block[0] = word
        before = bytes(block)
        equal(code(name, *args, block), INVALID, f"{name} with version word {word:#x}")
        equal(bytes(block) == before, True, f"{name} wrote with version word {word:#x}")


def gpu_profiles(device):
    equal((ctypes.sizeof(GpuInfo3), ctypes.sizeof(ComputeInfo3)), (152, 140), "sizes in the header")
    graphics = set()
    for id_, (number, second) in profiles(device).items():
        first = n.nvmlDeviceGetGpuInstanceProfileInfo(device, number, version=1)
        by_id = n.nvmlDeviceGetGpuInstanceProfileInfoByIdV(device, id_)
        answers = [first, by_id]
        for name, argument in (("nvmlDeviceGetGpuInstanceProfileInfoV", number), ("nvmlDeviceGetGpuInstanceProfileInfoByIdV", id_)):
            third = GpuInfo3(version=0x03000098)
            equal(code(name, device, argument, ctypes.byref(third)), 0, name)
            equal((text(third.name), third.capabilities in (0, 2)), (text(second.name), True), "name and capabilities")
            answers.append(third)
        if third.capabilities:
            graphics.add(text(second.name))
        for other in answers:
            equal(other.id, id_, "id")
            for field in [*GI_FIELDS, "memorySizeMB"]:
                equal(getattr(other, field), getattr(second, field), f"{field} of profile {id_}")
        equal((by_id.version, third.version), (0x02000098, 0x03000098), "the version word is unchanged")
        wrong_words("nvmlDeviceGetGpuInstanceProfileInfoV", 152, device, number)
        wrong_words("nvmlDeviceGetGpuInstanceProfileInfoByIdV", 152, device, id_)
    equal(graphics, {name for name in graphics if name.endswith("+gfx")}, "graphics only if the name says so")
    equal(bool(graphics), any(text(i.name).endswith("+gfx") for _, i in profiles(device).values()),
          "and whenever it says so")


def compute_infos(device):
    for id_, (_, parent) in profiles(device).items():
        gi = n.nvmlDeviceCreateGpuInstance(device, id_)
        for profile, (number, second) in compute_profiles(gi).items():
            first = n.nvmlGpuInstanceGetComputeInstanceProfileInfo(gi, number, 0, version=1)
            third = ComputeInfo3(version=0x0300008C)
            equal(code("nvmlGpuInstanceGetComputeInstanceProfileInfoV", gi, number, 0, ctypes.byref(third)), 0, "version 3")
            for other in (first, third):
                equal(other.id, profile, "id")
                for field in CI_FIELDS:
                    equal(getattr(other, field), getattr(second, field), f"{field} of compute profile {profile} in {id_}")
            equal(text(third.name), text(second.name), "name")
            for field in ("CopyEngine", "Decoder", "Encoder", "Jpeg", "Ofa"):  # compute instances share their GPU instance's engines
                equal(getattr(second, f"shared{field}Count"), getattr(parent, f"{field[0].lower()}{field[1:]}Count"), f"shared {field}")
            wrong_words("nvmlGpuInstanceGetComputeInstanceProfileInfoV", 136, gi, number, 0)
        n.nvmlGpuInstanceDestroy(gi)


def memory_and_identity(device):
    first, second = n.nvmlDeviceGetMemoryInfo(device), n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2)
    equal((first.total, first.free, first.used), (second.total, second.free, second.used + second.reserved), "version 1 counts the reserved part as used")
    equal(second.total, second.reserved + second.used + second.free, "version 2 adds up")
    uuid = n.nvmlDeviceGetUUID(device)
    block = n.c_nvmlUUID_t()
    handle = ctypes.c_void_p()
    for kind, value in ((1, uuid.encode()), (2, bytes.fromhex(uuid[4:].replace("-", "")))):
        block.type = kind
        ctypes.memmove(ctypes.addressof(block) + n.c_nvmlUUID_t.value.offset, value + b"\0", len(value) + (kind == 1))
        equal(code("nvmlDeviceGetHandleByUUIDV", ctypes.byref(block), ctypes.byref(handle)), 0, f"UUID of type {kind}")
        equal(n.nvmlDeviceGetIndex(ctypes.cast(handle, n.c_nvmlDevice_t)), 0, "the same GPU")
    block.type = 3
    equal(code("nvmlDeviceGetHandleByUUIDV", ctypes.byref(block), ctypes.byref(handle)), INVALID, "UUID of no type")
    # An older version fills the struct of its own header and does not write beyond it.
    for name, size in (("nvmlDeviceGetPciInfo", 32), ("nvmlDeviceGetPciInfo_v2", 52), ("nvmlDeviceGetPciInfo_v3", 68)):
        pci = n.nvmlPciInfo_t()
        ctypes.memset(ctypes.byref(pci), 0xA5, ctypes.sizeof(pci))
        equal(code(name, device, ctypes.byref(pci)), 0, name)
        equal(bytes(pci)[size:], b"\xa5" * (68 - size), f"{name} writes {size} bytes")
        if size == 68:
            equal(text(pci.busId), f"{pci.domain:08X}:{pci.bus:02X}:{pci.device:02X}.0", "bus id")
        equal(text(pci.busIdLegacy), f"{pci.domain:04X}:{pci.bus:02X}:{pci.device:02X}.0", "legacy bus id")
        equal(n.nvmlDeviceGetIndex(n.nvmlDeviceGetHandleByPciBusId(text(pci.busIdLegacy))), 0, "found by its legacy bus id")
    # For a wrong version word, most calls with versioned structs, unlike the MIG calls, return
    # ARGUMENT_VERSION_MISMATCH (measured on hardware).
    for name, args in {"nvmlDeviceGetPdi": (device,), "nvmlDeviceGetPciInfoExt": (device,), "nvmlDeviceGetTemperatureV": (device,),
                       "nvmlDeviceGetRunningProcessDetailList": (device,), "nvmlSystemGetDriverBranch": ()}.items():
        block = (U32 * 64)(0x07000007)
        equal(code(name, *args, block, *([80] if name.startswith("nvmlSystem") else [])), VERSION, name)
    block = (U32 * 64)(0x07000007)
    equal(code("nvmlDeviceGetHandleByUUIDV", block, ctypes.byref(handle)), VERSION, "nvmlDeviceGetHandleByUUIDV")


def strings(device):
    """A buffer of the exact length is accepted, one byte less is refused, and nothing is written beyond the buffer's
    end."""
    for name, args, answer in (("nvmlDeviceGetName", (device,), n.nvmlDeviceGetName(device)), ("nvmlDeviceGetUUID", (device,), n.nvmlDeviceGetUUID(device)),
                               ("nvmlDeviceGetSerial", (device,), n.nvmlDeviceGetSerial(device)),
                               ("nvmlSystemGetDriverVersion", (), n.nvmlSystemGetDriverVersion()),
                               ("nvmlSystemGetNVMLVersion", (), n.nvmlSystemGetNVMLVersion())):
        room = ctypes.create_string_buffer(b"\xa5" * 200, 200)
        equal(code(name, *args, room, len(answer)), TOO_SMALL, name)
        equal(bytes(room), b"\xa5" * 200, f"{name} wrote into a buffer that is too small")
        equal(code(name, *args, room, len(answer) + 1), 0, name)
        equal(bytes(room), answer.encode() + b"\0" + b"\xa5" * (199 - len(answer)), name)
        equal(code(name, *args, None, 200), INVALID, name)
        equal(code(name, *args, room, 0), TOO_SMALL, name)


n.nvmlInit()
lib = ctypes.CDLL("libnvidia-ml.so.1")
gpu = n.nvmlDeviceGetHandleByIndex(0)
memory_and_identity(gpu)
strings(gpu)
gpu_profiles(gpu)
if profiles(gpu):
    equal(switch(gpu, 1), 0, "MIG on")
    gpu_profiles(gpu)
    compute_infos(gpu)
    equal(switch(gpu, 0), 0, "MIG off")
else:
    true(n.nvmlDeviceGetName(gpu) == "NVIDIA A10", "only the A10 here has no profile")
n.nvmlShutdown()
done()
