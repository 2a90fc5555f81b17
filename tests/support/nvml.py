"""The state of a simulated node, read through its driver library: NVML by ctypes, without gpuslice's own code."""

import ctypes
import os

SUCCESS = 0
POINTER, UINT = ctypes.c_void_p, ctypes.c_uint


class Refused(Exception):
    """A call that must succeed failed."""


class Placement(ctypes.Structure):
    _fields_ = [("start", UINT), ("size", UINT)]


class GiInfo(ctypes.Structure):
    _fields_ = [("device", POINTER), ("id", UINT), ("profileId", UINT), ("placement", Placement)]


class CiInfo(ctypes.Structure):
    _fields_ = [("device", POINTER), ("gpuInstance", POINTER), ("id", UINT), ("profileId", UINT), ("placement", Placement)]


class Profile(ctypes.Structure):
    """The description of a profile of GPU instances or of compute instances: both structs begin with the id."""

    _fields_ = [("id", UINT), ("rest", UINT * 64)]


def must(code):
    if code != SUCCESS:
        raise Refused(f"NVML returned {code}")


class Driver:
    """The driver of one node, open until close(). `directory` is the node's directory."""

    def __init__(self, directory):
        self.nvml = ctypes.CDLL(os.path.join(directory, "lib", "libnvidia-ml.so.1"))
        must(self.nvml.nvmlInit_v2())
        count = UINT()
        must(self.nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)))
        self.gpus = []
        for index in range(count.value):
            handle = POINTER()
            must(self.nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)))
            self.gpus.append(handle)

    def close(self):
        self.nvml.nvmlShutdown()

    def mode(self, gpu):
        """MIG mode of a GPU now and after its next reset; None if the GPU does not support MIG."""
        current, pending = UINT(), UINT()
        if self.nvml.nvmlDeviceGetMigMode(gpu, ctypes.byref(current), ctypes.byref(pending)) != SUCCESS:
            return None
        return (current.value, pending.value)

    def gpu_instances(self, gpu):
        """The handles of all GPU instances of a GPU."""
        return self.below(gpu, self.nvml.nvmlDeviceGetGpuInstanceProfileInfo, self.nvml.nvmlDeviceGetGpuInstances)

    def compute_instances(self, gi):
        """The handles of all compute instances of a GPU instance."""
        return self.below(gi, self.nvml.nvmlGpuInstanceGetComputeInstanceProfileInfo, self.nvml.nvmlGpuInstanceGetComputeInstances, 0)

    def below(self, parent, profile_info, listing, *more):
        """`listing` returns the instances of one profile, so `profile_info` is called first to find the profiles."""
        for number in range(32):
            info, handles, count = Profile(), (POINTER * 64)(), UINT(64)
            if profile_info(parent, number, *more, ctypes.byref(info)) == SUCCESS:
                must(listing(parent, info.id, handles, ctypes.byref(count)))
                yield from (POINTER(handle) for handle in handles[:count.value])

    def compute(self, gi):
        """The compute instances of a GPU instance: (profile id, start, size) of each."""
        found = []
        for handle in self.compute_instances(gi):
            info = CiInfo()
            must(self.nvml.nvmlComputeInstanceGetInfo_v2(handle, ctypes.byref(info)))
            found.append((info.profileId, info.placement.start, info.placement.size))
        return tuple(sorted(found))

    def shape(self):
        """For each GPU: its mode, and its GPU instances by placement with the compute instances in them."""
        all_gpus = []
        for gpu in self.gpus:
            mode = self.mode(gpu)
            instances = {}
            for handle in self.gpu_instances(gpu) if mode and mode[0] else []:
                info = GiInfo()
                must(self.nvml.nvmlGpuInstanceGetInfo(handle, ctypes.byref(info)))
                instances[info.placement.start, info.placement.size, info.profileId] = self.compute(handle)
            all_gpus.append((mode, tuple(sorted(instances.items()))))
        return tuple(all_gpus)
