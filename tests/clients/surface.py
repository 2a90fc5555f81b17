"""Calls all read-only functions of nvidia-ml-py on each GPU and MIG device of the node: no symbol is missing, nothing
crashes, each result is plausible for such a device, and calls that report the same fact agree. Argument: the node's
name."""
import inspect
import re

import pynvml as n
from check import done, equal, true
from node import INVALID, NO_PERMISSION, NOT_FOUND, NOT_SUPPORTED, Client

FUNCTION_NOT_FOUND = 13
# Return codes that a valid call may return: recorded on an H200, or documented for such a device in nvml.h. Any other
# code is a failure.
ALLOWED = {INVALID, NOT_SUPPORTED, NO_PERMISSION, NOT_FOUND, 21, 26, 27, 999}
# Functions that returned UNKNOWN (999) on an H200.
UNKNOWN = {"nvmlDeviceGetConfComputeGpuCertificate", "nvmlDeviceGetConfComputeGpuAttestationReport", "nvmlDeviceGetMinMaxClockOfPState"}
CLOCKS, CLOCK_IDS = range(4), range(5)
LINKS = (0, 1, 5, 17)


def of(*columns):
    """Every combination of arguments."""
    rows = [()]
    for column in columns:
        rows = [row + (item,) for row in rows for item in column]
    return rows


ARGUMENTS = {
    "nvmlDeviceGetClockInfo": of(CLOCKS), "nvmlDeviceGetMaxClockInfo": of(CLOCKS), "nvmlDeviceGetApplicationsClock": of(CLOCKS),
    "nvmlDeviceGetDefaultApplicationsClock": of(CLOCKS), "nvmlDeviceGetMaxCustomerBoostClock": of(CLOCKS), "nvmlDeviceGetClock": of(CLOCKS, CLOCK_IDS),
    "nvmlDeviceGetTemperature": of((0, 1)), "nvmlDeviceGetTemperatureV": of((0,)), "nvmlDeviceGetTemperatureThreshold": of(range(8)),
    "nvmlDeviceGetPcieThroughput": of((0, 1)), "nvmlDeviceGetSamples": of(range(7), (0,)), "nvmlDeviceGetTotalEccErrors": of((0, 1), (0, 1)),
    "nvmlDeviceGetMemoryErrorCounter": of((0, 1), (0, 1), range(8)), "nvmlDeviceGetDetailedEccErrors": of((0, 1), (0, 1)),
    "nvmlDeviceGetViolationStatus": of(range(12)), "nvmlDeviceGetRetiredPages": of((0, 1)), "nvmlDeviceGetRetiredPages_v2": of((0, 1)),
    "nvmlDeviceGetInforomVersion": of(range(4)), "nvmlDeviceGetFanSpeed_v2": of((0,)), "nvmlDeviceGetTargetFanSpeed": of((0,)),
    "nvmlDeviceGetFanControlPolicy_v2": of((0,)), "nvmlDeviceGetEncoderCapacity": of((0, 1, 2)), "nvmlDeviceGetProcessUtilization": of((0,)),
    "nvmlDeviceGetNvLinkState": of(LINKS), "nvmlDeviceGetNvLinkVersion": of(LINKS), "nvmlDeviceGetNvLinkRemotePciInfo": of(LINKS),
    "nvmlDeviceGetNvLinkRemoteDeviceType": of(LINKS), "nvmlDeviceGetNvLinkCapability": of(LINKS, range(7)),
    "nvmlDeviceGetNvLinkErrorCounter": of(LINKS, range(4)), "nvmlDeviceGetMemoryAffinity": of((1,), (0, 1)), "nvmlDeviceGetCpuAffinity": of((1,)),
    "nvmlDeviceGetCpuAffinityWithinScope": of((1,), (0, 1)), "nvmlDeviceGetAPIRestriction": of((0, 1)), "nvmlDeviceGetAccountingStats": of((1,)),
    "nvmlDeviceGetMinMaxClockOfPState": of(CLOCKS, (0, 8)), "nvmlDeviceGetThermalSettings": of((0, 15)), "nvmlDeviceGetVgpuCapabilities": of(range(12)),
    "nvmlDeviceGetTopologyNearestGpus": of((10, 20, 30, 40, 50)), "nvmlDeviceGetGpuInstanceProfileInfo": of(range(3)),
    "nvmlDeviceGetGpuInstanceRemainingCapacity": of((19,)),
}
# Functions that concern more than one device, or need another kind of handle. The other suites of this folder test
# them.
ELSEWHERE = re.compile(r"nvml(GpuInstance|ComputeInstance|Vgpu|Unit|Event|Gpm|Device(GetHandleBy|Create|Clear|Remove|Discover|Modify|Query|Freeze))|"
                       r"nvmlDeviceGet(MigDeviceHandleByIndex|GpuInstanceBy|GpuInstances$|GpuInstancePossible|GpuInstanceProfileInfoV|P2PStatus|TopologyCommonAncestor|"
                       r"VgpuType|VgpuScheduler|VgpuInstances|VgpuProcesses|ActiveVgpus|GpuInstanceProfileInfoById)")
symbols = 0


def ask(function, *arguments):
    """The result, or the error code as an NVMLError."""
    try:
        return function(*arguments)
    except n.NVMLError as error:
        return error


def told(answer):
    return not isinstance(answer, n.NVMLError)


def surface():
    """The functions that read one device, as (function, further arguments)."""
    for name, function in sorted(inspect.getmembers(n, inspect.isfunction)):
        if not name.startswith("nvmlDevice") or ELSEWHERE.match(name):
            continue
        if not re.search(r"Get|Is|Validate|OnSameBoard", name) or re.search(r"Set(?!tings)", name):
            continue
        if name in ARGUMENTS:
            yield from ((function, arguments) for arguments in ARGUMENTS[name])
            continue
        needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
        if len(needed) == 1:
            yield function, ()


def whole_surface(handle, what):
    global symbols
    seen = set()
    for function, arguments in surface():
        answer = ask(function, handle, *arguments)
        seen.add(function.__name__)
        if told(answer):
            continue
        code = answer.value
        true(code != FUNCTION_NOT_FOUND, f"{what}: {function.__name__} is in the library")
        true(code in ALLOWED and (code != 999 or function.__name__ in UNKNOWN), f"{what}: {function.__name__}{arguments} answers {code} ({answer})")
    symbols = max(symbols, len(seen))


def within(handle, what, low, high, name, *arguments):
    answer = ask(getattr(n, name), handle, *arguments)
    if told(answer):
        true(low <= answer <= high, f"{what}: {name}{arguments} = {answer}, from {low} to {high}")
    return answer if told(answer) else None


def field(handle, number, scope=0):
    value = n.nvmlDeviceGetFieldValues(handle, [(number, scope)])[0]
    if value.nvmlReturn != 0:
        return None
    return {0: value.value.dVal, 1: value.value.uiVal, 2: value.value.ulVal, 3: value.value.ullVal, 4: value.value.sllVal, 5: value.value.siVal}.get(
        value.valueType)


def plausible(handle, what):
    """Checks that values are in a plausible range for such a device, and that facts that are reported twice agree."""
    limit = within(handle, what, 20_000, 1_500_000, "nvmlDeviceGetEnforcedPowerLimit")
    draw = within(handle, what, 1_000, limit or 1_500_000, "nvmlDeviceGetPowerUsage")
    if field(handle, 186) is not None and draw is not None:
        true(abs(field(handle, 186) - draw) <= draw, f"{what}: instant and average power are of the same magnitude")
    equal(field(handle, 190), limit, f"{what}: the limit in force, as a field")
    celsius = within(handle, what, 10, 110, "nvmlDeviceGetTemperature", 0)
    for threshold in range(8):
        within(handle, what, 40 if threshold in (0, 1, 3) else -50, 130, "nvmlDeviceGetTemperatureThreshold", threshold)
    slowdown = ask(n.nvmlDeviceGetTemperatureThreshold, handle, 1)
    if told(slowdown) and celsius is not None:
        true(celsius < slowdown, f"{what}: {celsius} C is below the slowdown at {slowdown} C")
    for clock in CLOCKS:
        most = within(handle, what, 100, 20_000, "nvmlDeviceGetMaxClockInfo", clock)
        now = within(handle, what, 100, most or 20_000, "nvmlDeviceGetClockInfo", clock)
        equal(told(ask(n.nvmlDeviceGetClockInfo, handle, clock)), now is not None, f"{what}: clock {clock}")
    state = within(handle, what, 0, 15, "nvmlDeviceGetPerformanceState")
    equal(ask(n.nvmlDeviceGetPowerState, handle), state, f"{what}: the performance state by its old name") if state is not None else None
    most = within(handle, what, 1, 6, "nvmlDeviceGetMaxPcieLinkGeneration")
    within(handle, what, 1, most or 6, "nvmlDeviceGetCurrPcieLinkGeneration")
    width = within(handle, what, 1, 16, "nvmlDeviceGetMaxPcieLinkWidth")
    true(width in (None, 1, 2, 4, 8, 16), f"{what}: PCIe width {width}")
    within(handle, what, 0, 120, "nvmlDeviceGetFanSpeed")
    rates = ask(n.nvmlDeviceGetUtilizationRates, handle)
    if told(rates):
        true(rates.gpu <= 100 and rates.memory <= 100, f"{what}: utilisation {rates.gpu} %, {rates.memory} %")
    memory = ask(n.nvmlDeviceGetMemoryInfo, handle, n.nvmlMemory_v2)
    if told(memory):
        equal(memory.total, memory.free + memory.used + memory.reserved, f"{what}: memory adds up")
    ecc = ask(n.nvmlDeviceGetEccMode, handle)
    if told(ecc):
        equal((field(handle, 1), field(handle, 2)), tuple(ecc), f"{what}: ECC mode, as fields")
    clocks = ask(n.nvmlDeviceGetSupportedMemoryClocks, handle)
    if told(clocks):
        equal(sorted(clocks, reverse=True), list(clocks), f"{what}: supported memory clocks, highest first")
        equal(clocks[0], n.nvmlDeviceGetMaxClockInfo(handle, 2), f"{what}: the highest is the maximum")
        graphics = n.nvmlDeviceGetSupportedGraphicsClocks(handle, clocks[0])
        equal(graphics[0], n.nvmlDeviceGetMaxClockInfo(handle, 0), f"{what}: graphics clocks begin with the highest")


def every_field(handle, what):
    """Checks that reading each field id alone and all in one call gives the same codes, and that ids of no header are
    invalid."""
    ids = list(range(1, 296))
    together = n.nvmlDeviceGetFieldValues(handle, [(i, 0) for i in ids])
    for i, value in zip(ids, together):
        true(value.nvmlReturn in {0, *ALLOWED}, f"{what}: field {i} answers {value.nvmlReturn}")
        equal(value.fieldId, i, f"{what}: field {i} names itself")
        alone = n.nvmlDeviceGetFieldValues(handle, [(i, 0)])[0]
        equal((alone.nvmlReturn, alone.valueType if alone.nvmlReturn == 0 else 0), (value.nvmlReturn, value.valueType if value.nvmlReturn == 0 else 0),
              f"{what}: field {i} alone")


def pairs(handles):
    """Checks that functions of two devices return the same for both orders of the devices."""
    for a in handles:
        for b in handles:
            for call, further in ((n.nvmlDeviceGetTopologyCommonAncestor, ()), (n.nvmlDeviceOnSameBoard, ()),
                                  *((n.nvmlDeviceGetP2PStatus, (index,)) for index in range(6))):
                one, other = ask(call, a, b, *further), ask(call, b, a, *further)
                equal(told(one) and one, told(other) and other, f"{call.__name__}{further}")
                true(told(one) or one.value in ALLOWED, f"{call.__name__}{further}: {one}")


def system():
    for name, function in sorted(inspect.getmembers(n, inspect.isfunction)):
        if re.match(r"nvmlSystem(Get|Is)", name) and not [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]:
            answer = ask(function)
            true(told(answer) or answer.value in ALLOWED, f"{name}: {answer}")


def under_load(index):
    """A client with a load changes the readings in the expected, reproducible way; after its end they are as before."""
    handle = n.nvmlDeviceGetHandleByIndex(index)
    idle_power, idle_rates = ask(n.nvmlDeviceGetPowerUsage, handle), ask(n.nvmlDeviceGetUtilizationRates, handle)
    if not told(idle_power) or not told(idle_rates):
        return
    client = Client("--gpu", str(index), "--memory", "1GiB", "--load", "80,20")
    busy = n.nvmlDeviceGetUtilizationRates(handle)
    equal((busy.gpu, busy.memory), (80, 20), f"GPU {index}: utilisation under load")
    power = n.nvmlDeviceGetPowerUsage(handle)
    true(idle_power < power <= n.nvmlDeviceGetEnforcedPowerLimit(handle), f"GPU {index}: {power} mW under load, {idle_power} mW idle")
    equal(n.nvmlDeviceGetPowerUsage(handle), power, f"GPU {index}: the same state draws the same power")
    mine = {sample.pid: sample.smUtil for sample in n.nvmlDeviceGetProcessUtilization(handle, 0)}
    equal(mine.get(client.pid), 80, f"GPU {index}: the client's own share")
    client.end()
    equal(n.nvmlDeviceGetPowerUsage(handle), idle_power, f"GPU {index}: idle again")


n.nvmlInit()
gpus = [n.nvmlDeviceGetHandleByIndex(i) for i in range(n.nvmlDeviceGetCount())]
system()
for i, gpu in enumerate(gpus):
    whole_surface(gpu, f"GPU {i}")
    plausible(gpu, f"GPU {i}")
    every_field(gpu, f"GPU {i}")
pairs(gpus[:3])
under_load(0)
# The same checks on a partitioned GPU and its MIG devices.
mode = ask(n.nvmlDeviceGetMigMode, gpus[0])
if told(mode):
    n.nvmlDeviceSetMigMode(gpus[0], 1)
    gpu = n.nvmlDeviceGetHandleByIndex(0)
    made = []
    for profile in range(n.NVML_GPU_INSTANCE_PROFILE_COUNT):
        info = ask(n.nvmlDeviceGetGpuInstanceProfileInfo, gpu, profile)
        if told(info) and len(made) < 2:
            instance = n.nvmlDeviceCreateGpuInstance(gpu, info.id)
            compute = n.nvmlGpuInstanceCreateComputeInstance(instance, next(
                ci.id for ci in (ask(n.nvmlGpuInstanceGetComputeInstanceProfileInfo, instance, k, 0) for k in range(n.NVML_COMPUTE_INSTANCE_PROFILE_COUNT))
                if told(ci)))
            made.append((instance, compute))
    devices = [d for d in (ask(n.nvmlDeviceGetMigDeviceHandleByIndex, gpu, i) for i in range(n.nvmlDeviceGetMaxMigDeviceCount(gpu))) if told(d)]
    equal(len(devices), len(made), "MIG devices")
    whole_surface(gpu, "GPU 0, MIG on")
    every_field(gpu, "GPU 0, MIG on")
    for i, device in enumerate(devices):
        whole_surface(device, f"MIG device {i}")
        equal(ask(n.nvmlDeviceGetFieldValues, device, [(186, 0)]).value, NOT_SUPPORTED, f"MIG device {i}: field values are the GPU's")
    for instance, compute in made:
        n.nvmlComputeInstanceDestroy(compute)
        n.nvmlGpuInstanceDestroy(instance)
    n.nvmlDeviceSetMigMode(gpu, 0)

n.nvmlShutdown()
print(f"{symbols} functions of a device")
done()
