"""What stands on a simulated node, read through its driver library: NVML by ctypes, none of gpuslice's own code."""

import ctypes
import os

SUCCESS = 0


class Placement(ctypes.Structure):
    _fields_ = [("start", ctypes.c_uint), ("size", ctypes.c_uint)]


class GiInfo(ctypes.Structure):
    _fields_ = [("device", ctypes.c_void_p), ("id", ctypes.c_uint), ("profileId", ctypes.c_uint), ("placement", Placement)]


class CiInfo(ctypes.Structure):
    _fields_ = [("device", ctypes.c_void_p), ("gpuInstance", ctypes.c_void_p), ("id", ctypes.c_uint),
                ("profileId", ctypes.c_uint), ("placement", Placement)]


class GiProfile(ctypes.Structure):
    _fields_ = [("id", ctypes.c_uint), ("rest", ctypes.c_uint * 64)]


class Driver:
    """One node's driver, open for as long as the object lives."""

    def __init__(self, directory):
        self.nvml = ctypes.CDLL(os.path.join(directory, "lib", "libnvidia-ml.so.1"))
        self.must(self.nvml.nvmlInit_v2())
        count = ctypes.c_uint()
        self.must(self.nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)))
        self.gpus = []
        for index in range(count.value):
            handle = ctypes.c_void_p()
            self.must(self.nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)))
            self.gpus.append((handle, self.profiles(handle)))

    def close(self):
        self.nvml.nvmlShutdown()

    def must(self, code):
        if code != SUCCESS:
            raise RuntimeError(f"NVML answers {code}")

    def profiles(self, gpu):
        found = []
        for number in range(32):
            info = GiProfile()
            if self.nvml.nvmlDeviceGetGpuInstanceProfileInfo(gpu, number, ctypes.byref(info)) == SUCCESS:
                found.append(info.id)
        return found

    def mode(self, gpu):
        current, pending = ctypes.c_uint(), ctypes.c_uint()
        if self.nvml.nvmlDeviceGetMigMode(gpu, ctypes.byref(current), ctypes.byref(pending)) != SUCCESS:
            return None
        return (current.value, pending.value)

    def compute(self, gi):
        found = []
        for profile in range(9):
            count, handles = ctypes.c_uint(), (ctypes.c_void_p * 64)()
            if self.nvml.nvmlGpuInstanceGetComputeInstances(gi, profile, handles, ctypes.byref(count)) != SUCCESS:
                continue
            for handle in handles[:count.value]:
                info = CiInfo()
                self.must(self.nvml.nvmlComputeInstanceGetInfo_v2(ctypes.c_void_p(handle), ctypes.byref(info)))
                found.append((info.profileId, info.placement.start, info.placement.size))
        return tuple(sorted(found))

    def shape(self):
        """For each GPU: its mode, and its GPU instances by place with the compute instances in them."""
        all_gpus = []
        for gpu, profiles in self.gpus:
            mode = self.mode(gpu)
            instances = {}
            for profile in profiles if mode and mode[0] else []:
                count, handles = ctypes.c_uint(), (ctypes.c_void_p * 64)()
                self.must(self.nvml.nvmlDeviceGetGpuInstances(gpu, profile, handles, ctypes.byref(count)))
                for handle in handles[:count.value]:
                    info = GiInfo()
                    self.must(self.nvml.nvmlGpuInstanceGetInfo(ctypes.c_void_p(handle), ctypes.byref(info)))
                    place = (info.placement.start, info.placement.size, info.profileId)
                    instances[place] = self.compute(ctypes.c_void_p(handle))
            all_gpus.append((mode, tuple(sorted(instances.items()))))
        return tuple(all_gpus)
