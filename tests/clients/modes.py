"""MIG mode with clients, resets and reboots, per generation; compute mode and persistence. Argument: the node's
name."""
import subprocess
import os

import pynvml as n
from check import done, equal, refused, true
from node import INVALID, IN_USE, LOST, NODE, NOT_SUPPORTED, Client, host, instances, profiles, switch

AMPERE = NODE in ("a100a", "a100b", "a30")
REFUSED, NOT_RUN = 5, 125  # exit statuses: `sim` command refused; command of `attach` or `exec` was not run


def mode(device):
    return tuple(n.nvmlDeviceGetMigMode(device))


def again():
    """Starts a new NVML session after a reboot."""
    n.nvmlShutdown()
    n.nvmlInit()
    return n.nvmlDeviceGetHandleByIndex(0)


def ampere(device):
    """A switch resets the GPU: with a client, the mode stays pending until a reset, a reboot or another request."""
    profile = min(profiles(device))
    for wanted, before in ((1, 0), (0, 1)):
        for way in ("again", "reset", "reboot"):
            equal(mode(device), (before, before), "before")
            client = Client("--gpu", "0", "--type", "G" if before else "C")
            equal(switch(device, wanted), IN_USE, "activation with a client")
            equal(mode(device), (before, wanted), "pending")
            if not before:
                refused(NOT_SUPPORTED, n.nvmlDeviceCreateGpuInstance, device, profile)
                equal(n.nvmlDeviceGetMaxMigDeviceCount(device), 0, "MIG is not on yet")
            equal(host("reset", "--gpu", "0", check=False), REFUSED, "reset with a client")
            equal(mode(device), (before, wanted), "still pending")
            # In the simulation the client's process survives a reboot, but it is no client any more.
            if way == "reboot":
                host("reboot")
                refused(LOST, mode, device)
                device = again()
                equal(n.nvmlDeviceGetGraphicsRunningProcesses(device) + n.nvmlDeviceGetComputeRunningProcesses(device), [], "clients from before a reboot")
                client.end()
            else:
                client.end()
                equal(mode(device), (before, wanted), "the mode stays pending when the client ends")
                if way == "reset":
                    host("reset", "--gpu", "0")
                else:
                    equal(switch(device, wanted), 0, "asked again")
            equal(mode(device), (wanted, wanted), f"made by: {way}")
            equal(switch(device, before), 0, "back")
        equal(switch(device, wanted), 0, "and there")
    equal(mode(device), (0, 0), "off at the end")
    return device


def live(device):
    """Hopper and later switch at once, even with a client. But with a client on the whole GPU, no instance can be
    created."""
    profile = min(profiles(device))
    client = Client("--gpu", "0", "--type", "G")
    equal((switch(device, 1), mode(device)), (0, (1, 1)), "on with a client")
    refused(IN_USE, n.nvmlDeviceCreateGpuInstance, device, profile)
    equal((switch(device, 0), mode(device)), (0, (0, 0)), "off with a client")
    equal((switch(device, 1), mode(device)), (0, (1, 1)), "on again")
    client.end()
    n.nvmlDeviceCreateGpuInstance(device, profile)
    refused(IN_USE, switch, device, 0)
    equal(mode(device), (1, 1), "nothing is pending after a refusal")
    return device


def reset_and_reboot(device):
    """Both destroy all instances; handles stay valid after a reset, but not after a reboot."""
    if mode(device) == (0, 0):
        equal(switch(device, 1), 0, "on")
    profile = min(profiles(device))
    for way in ("reset", "reboot"):
        if not instances(device, profile):
            n.nvmlDeviceCreateGpuInstance(device, profile)
        gi = n.nvmlDeviceGetGpuInstanceById(device, instances(device, profile)[0].id)
        n.nvmlGpuInstanceCreateComputeInstance(gi, 0)
        mig = n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)
        host(way, *(["--gpu", "0"] if way == "reset" else []))
        if way == "reset":
            refused(INVALID, n.nvmlGpuInstanceGetInfo, gi)
            refused(INVALID, n.nvmlDeviceGetUUID, mig)
        else:
            for call, handle in ((n.nvmlGpuInstanceGetInfo, gi), (n.nvmlGpuInstanceDestroy, gi), (n.nvmlDeviceGetUUID, mig), (n.nvmlDeviceGetMemoryInfo, mig),
                                 (n.nvmlDeviceGetName, device), (mode, device), (n.nvmlDeviceGetComputeRunningProcesses, device)):
                refused(LOST, call, handle)
            refused(LOST, n.nvmlDeviceCreateGpuInstance, device, profile)
            refused(LOST, switch, device, 1)
            device = again()
        equal(instances(device, profile), [], f"instances after a {way}")
        equal(mode(device), (1, 1) if AMPERE else (0, 0), f"mode after a {way}")
        equal(switch(device, 1), 0, "on")
    equal(switch(device, 0), 0, "off")
    return device


def compute_mode(device):
    """Default accepts any number of compute clients, Exclusive_Process one, Prohibited none. Persistence mode is a
    flag. A reboot restores Default."""
    def attach(*words):
        return subprocess.run([os.environ["GPUSLICE_BIN"], "sim", "attach", NODE, *words, "--", "true"], capture_output=True).returncode

    equal((attach("--gpu", "0"), n.nvmlDeviceGetComputeMode(device)), (0, 0), "default")
    first = Client("--gpu", "0")
    n.nvmlDeviceSetComputeMode(device, 3)
    equal((attach("--gpu", "0"), attach("--gpu", "0", "--type", "G"), attach("--gpu", "1")), (NOT_RUN, 0, 0), "one compute client, on this GPU")
    first.end()
    equal(attach("--gpu", "0"), 0, "the first client has ended")
    n.nvmlDeviceSetComputeMode(device, 2)
    equal((attach("--gpu", "0"), attach("--gpu", "0", "--type", "G")), (NOT_RUN, 0), "prohibited")
    for wrong, answer in ((1, NOT_SUPPORTED), (4, INVALID), (2**32 - 1, INVALID)):
        refused(answer, n.nvmlDeviceSetComputeMode, device, wrong)
        equal(n.nvmlDeviceGetComputeMode(device), 2, "unchanged")
    for on in (0, 1, 0):
        n.nvmlDeviceSetPersistenceMode(device, on)
        equal(n.nvmlDeviceGetPersistenceMode(device), on, "persistence")
    refused(INVALID, n.nvmlDeviceSetPersistenceMode, device, 2)
    host("reboot")
    refused(LOST, n.nvmlDeviceGetComputeMode, device)
    device = again()
    equal(n.nvmlDeviceGetComputeMode(device), 0, "compute mode after a reboot")
    return device


n.nvmlInit()
gpu = n.nvmlDeviceGetHandleByIndex(0)
other = n.nvmlDeviceGetUUID(n.nvmlDeviceGetHandleByIndex(1))
if NODE != "a10":
    gpu = reset_and_reboot(ampere(gpu) if AMPERE else live(gpu))
    equal(mode(n.nvmlDeviceGetHandleByUUID(other)), (0, 0), "the other GPU was not changed")
gpu = compute_mode(gpu)
true(n.nvmlDeviceGetUUID(n.nvmlDeviceGetHandleByIndex(1)) == other, "identities survive reboots")
n.nvmlShutdown()
done()
