"""The nodes on which the two programs are compared, the changes made to them, and the commands run on them."""
import random
from pathlib import Path

DRIVER = "580.159.04"  # the version of NVIDIA's program with which the goldens were recorded

# node name -> arguments that create it; the driver's version is DRIVER if none is given.
NODES = {
    "a100a": ["--gpus", "2xa100-40gb", "--board-variant", "A"],
    "a100b": ["--gpus", "2xa100-40gb", "--board-variant", "B"],
    "a100-80": ["--gpus", "1xa100-80gb"],
    "a30": ["--gpus", "2xa30-24gb"],
    "h100": ["--gpus", "2xh100-80gb-sxm5"],
    "h100nvl": ["--gpus", "1xh100-94gb-nvl"],
    "h200": ["--gpus", "2xh200-141gb"],
    "rtx": ["--gpus", "2xrtx-pro-6000-blackwell-96gb"],
    "maxq": ["--gpus", "1xNVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"],
    "b200": ["--gpus", "1xb200-180gb"],
    "a10": ["--gpus", "2xa10-24gb"],
    "mixed": ["--gpus", "1xa10-24gb,1xa100-40gb,1xh200-141gb"],
    "a100x8": ["--gpus", "8xa100-80gb"],
    "h100x8": ["--gpus", "8xh100-80gb-sxm5"],
    "h200x8": ["--gpus", "8xh200-141gb"],
    "t4": ["--gpus", "4xt4-16gb"],
    "v100": ["--gpus", "8xv100-sxm2-32gb"],
    "rtx4090": ["--gpus", "2xrtx-4090-24gb"],
    "gh200": ["--gpus", "1xgh200-96gb"],
    "gb200": ["--gpus", "4xgb200-186gb"],
    "older580": ["--gpus", "1xa100-40gb,1xrtx-pro-6000-blackwell-96gb", "--driver", "580.105.08"],
}

_named = (Path(__file__).resolve().parent / "fields.txt").read_text().split("# other names\n")
FIELDS = [line for line in _named[0].splitlines() if not line.startswith("#")]
OTHER_NAMES = _named[1].splitlines()

# Views of every state: those that need little time.
GROUPS = ["MEMORY", "UTILIZATION", "ECC", "TEMPERATURE", "POWER", "CLOCK", "COMPUTE", "PIDS", "PERFORMANCE", "SUPPORTED_CLOCKS",
          "PAGE_RETIREMENT", "ACCOUNTING", "ENCODER_STATS", "SUPPORTED_GPU_TARGET_TEMP", "VOLTAGE", "FBC_STATS", "ROW_REMAPPER",
          "GSP_FIRMWARE_VERSION", "POWER_SMOOTHING", "POWER_PROFILES"]
LISTS = ["-L", "", "-i 0", "mig -lgip", "mig -lgipp", "mig -lgi", "mig -lci", "mig -lcip", "mig -lcipp"]
CSV = [
    f"--query-gpu={','.join(FIELDS)} --format=csv",
    f"--query-gpu={','.join(OTHER_NAMES)} --format=csv,noheader,nounits",
    "--query-compute-apps=gpu_name,gpu_bus_id,gpu_serial,gpu_uuid,pid,process_name,used_gpu_memory --format=csv",
    "--query-accounted-apps=gpu_name,gpu_bus_id,gpu_serial,gpu_uuid,vgpu_instance,pid,gpu_utilization,mem_utilization,max_memory_usage,time --format=csv",
    "--query-retired-pages=gpu_name,gpu_bus_id,gpu_serial,gpu_uuid,retired_pages.address,retired_pages.cause --format=csv",
    "--query-remapped-rows=gpu_name,gpu_bus_id,gpu_uuid,remapped_rows.correctable,remapped_rows.uncorrectable,remapped_rows.pending,"
    "remapped_rows.failure,remapped_rows.histogram.max,remapped_rows.histogram.none --format=csv",
    "--query-supported-clocks=gpu_name,gpu_bus_id,memory,graphics --format=csv,noheader,nounits",
]
MONITORS = ["dmon -c 1 -s pucvmet", "dmon -c 1 --format csv", "pmon -c 1", "pmon -c 1 -s um", "topo -m", "topo -p2p r", "topo -p2p n", "topo -mp", "topo -nvme",
    "topo -n 4 -i 0", "topo -c 0", "topo -C -i 0", "topo -M -i 0",
            "nvlink -s", "compute-policy -l", "-B", "c2c -s", "-i 0 -q -d COMPUTE"]
STATE_VIEWS = LISTS + ["-q", "-q -x"] + [f"-q -d {group}" for group in GROUPS] + CSV + MONITORS

# A smaller set of views, printed after every step of a walk.
VIEWS = LISTS + [
    "-i 1", "-i 3", "mig -i 0 -lgip", "mig -i 3 -lgip",
    "--query-gpu=index,name,uuid,pci.bus_id,mig.mode.current,mig.mode.pending,memory.total,memory.used,memory.free,"
    "utilization.gpu,temperature.gpu,power.draw,fan.speed,ecc.mode.current,compute_mode,persistence_mode,"
    "display_active,display_attached,addressing_mode,pstate --format=csv",
    "--query-gpu=memory.total,memory.reserved,serial --format=csv,noheader,nounits",
    "--query-compute-apps=pid,process_name,used_memory --format=csv", "-q", "-q -i 1",
]
ERRORS = [
    "bogus", "--bogus", "-mig 2", "-mig", "mig bogus", "mig -cgi", "mig -cgi bogus", "mig -cgi 99", "mig -cgi 19:9",
    "mig -cgi 19:x", "mig -lcip -gi 7", "mig -lci -gi 7", "mig -dgi -gi 7", "mig -dci -gi 7 -ci 1", "mig -cci", "mig -dgi", "mig -dci",
    "mig -gi 3 -cci bogus", "-i bogus", "-i GPU-nothing", "--query-gpu=bogus --format=csv", "--query-gpu=name --format=bogus",
    "-c 1", "-c bogus", "-pm 7", "mig -lgi -lci", "mig -i 0,1 -lgi", "mig -i bogus -lgi",
]
# Run once on each new node: selections, invalid arguments, and settings.
ONCE = [
    "-i 0,1", "-i 0,0", "-i 1,0 -L", "-q -i 0,1 -d MEMORY", "-i UUID0 -L", "-i BUS0 -L", "-i UUID0 -q -d COMPUTE", "-i BUS0,1 -q -d COMPUTE", "-q -i 9",
    "-q -d bogus", "-q -d MEMORY,ECC", "-q -d memory", "-q -d", "-q -d MEMORY -x", "-x", "-d MEMORY", "-q -u", "-q -L", "-L -B", "-q -q",
    "--query-gpu=index,, --format=csv", "--query-gpu= --format=csv", "--query-gpu=index --format=csv,bogus", "--query-gpu=index --format=noheader",
    "--query-gpu=index --query-compute-apps=pid --format=csv", "--query-supported-clocks=bogus --format=csv", "--query-supported-clocks",
    "--query-accounted-apps=bogus --format=csv", "--query-retired-pages=bogus --format=csv", "--query-remapped-rows=bogus --format=csv",
    "-lms 0", "-f /nonexistent/x", "-q -f /nonexistent/x", "-f", "-z", "-", "dmon -c 1", "dmon -c 1 -s p", "dmon -c 1 -s u",
    "dmon -c 1 -s c", "dmon -c 1 -s v", "dmon -c 1 -s m", "dmon -c 1 -s e", "dmon -c 1 -s t", "dmon -s x", "dmon -i 9 -c 1",
    "dmon -i 0 -c 1 --format csv,noheader,nounit", "dmon -c 1 --format bogus", "pmon -c 1 -s x",
    "pmon -i 0 -c 1 -s m", "pmon -i 9 -c 1", "topo -mp", "topo -p2p w", "topo -p2p x", "topo -p2p", "topo -p -i 0,1", "topo -n 0 -i 0", "topo -c 0",
    "topo -nvme", "topo -C -i 0", "topo -C", "topo -M", "topo -gnid", "topo -gnid -i 0", "topo -i 0", "topo -m -i 0", "topo -n 4", "topo -n 9 -i 0",
    "topo -n bogus -i 0", "topo -n 1 -i 0", "topo -n 2 -i 0", "topo -n 3 -i 0", "topo -n 4 -i 0", "topo -n 5 -i 0", "topo -n 4 -i 0,1", "topo -p -i 0",
    "topo -p -i 0,0", "topo -p", "topo -c 4096", "topo -c bogus", "topo -c", "topo -C -i 0,1", "topo -C -i 99",
    # NVIDIA's program reads names and takes samples in two threads, so a sample must take some time, as on a real GPU.
    "@inject --delay 20ms --on nvmlGpmSampleGet --repeat always", "dmon -c 1 --gpm-metrics 1,2,3,5,10", "dmon -c 1 --gpm-metrics 51,101,160,170,209",
    "dmon -c 1 --gpm-metrics 171,172,173,174,4,100", "dmon -c 1 --gpm-metrics 1,x", "dmon -c 1 --gpm-metrics 8", "dmon -c 1 --gpm-metrics 15", "dmon -c 1 --gpm-metrics 98",
    "dmon -c 1 --gpm-metrics 210", "dmon -c 1 --gpm-metrics 0", "dmon -c 1 --gpm-metrics bogus", "dmon -c 1 --gpm-metrics 1 --gpm-options m", "@inject --clear",
    "topo -M -i 0", "topo -p2p a", "topo -p2p p", "nvlink -s -i 0", "nvlink -c", "nvlink -p", "nvlink -e", "nvlink -i 9 -s", "c2c -e", "pci -gErrCnt",
    "pci -gCnt", "encodersessions -c 1", "fbcsessions -c 1", "conf-compute -f", "gpm -g", 
    "power-profiles -l", "compute-policy bogus", "--get-hostname", "-u", "-col", "-B -i 0", "--version",
    "-e 0", "-q -d ECC", "-e 0", "-e 1", "-e 2", "-e bogus", "-i 0 -e 0", "-am 1", "-am 1", "-q -d ACCOUNTING", "-am 0", "-am 2", "-caa", "-p 0", "-p 1", "-p 2", "-pl 250", "-pl 1", "-pl 99999",
    "-pl bogus", "-q -d POWER", "-lgc 1000,1200", "-lgc 1000", "-lgc 1,99999", "-lgc bogus", "-q -d CLOCK", "-rgc", "-lmc 1000", "-rmc", "-ac 1,1", "-ac bogus", "-rac",
    "-pm 0", "-c 2", "-c 0", "-pl 200", "-lgc 1000", "-rgc", "-ac 1215,1095", "-rac", "-e 1", "-am 1", "-am 0", "-caa", "-p 0", "-mig 1", "-mig 0", "-pm 1", "-lgc", "-pl", "-e",
]


def walk(name):
    """A sequence of mode switches, instances, clients and errors."""
    gpu = "1" if name in ("mixed", "older580") else "0"
    small = {"a30": "14", "rtx": "14", "maxq": "14", "older580": "14"}.get(name, "19")
    big = {"a30": "5", "rtx": "5", "maxq": "5", "b200": "14", "older580": "5"}.get(name, "9")
    gi = {"a30": "1", "rtx": "1", "maxq": "1", "older580": "1"}.get(name, "2")
    yield from VIEWS
    yield from ERRORS
    yield f"@attach --gpu {gpu} --memory 512MiB --type C --name /usr/bin/python3"
    yield from ("", f"-i {gpu} -mig 1", "", "--query-compute-apps=pid,process_name,used_memory --format=csv", f"-i {gpu} -mig 0")
    yield "@detach"
    yield from (f"-i {gpu} -mig 1", f"-i {gpu} -mig 1", *VIEWS, *ERRORS)
    yield f"@attach --gpu {gpu} --memory 64MiB --type G --name /usr/lib/xorg/Xorg"
    yield from (f"mig -i {gpu} -cgi {big} -C", "")
    yield "@detach"
    yield from (f"mig -i {gpu} -cgi {big},{small} -C", "-L", "", f"mig -i {gpu} -cgi {big},{big},{big} -C", *VIEWS)
    yield f"@attach --gpu {gpu} --gi {gi} --ci 0 --memory 1GiB --type C --name /opt/conda/bin/python3-with-a-rather-long-name"
    yield from ("", "--query-compute-apps=pid,process_name,used_memory --format=csv", f"mig -i {gpu} -dci", f"mig -i {gpu} -dgi")
    yield "@detach"
    yield from (*ERRORS, f"mig -i {gpu} -dgi", f"mig -i {gpu} -gi {gi} -dci", f"mig -i {gpu} -gi {gi} -cci 0", f"mig -i {gpu} -gi {gi} -cci 0,0",
                f"mig -i {gpu} -gi {gi} -cci 0:1", f"mig -i {gpu} -lci", f"mig -i {gpu} -lcip", "-L", "", f"-i {gpu} -mig 0")
    yield "@reboot"
    yield from ("", "-L", "mig -lgi", f"-i {gpu} -mig 1", f"mig -i {gpu} -cgi {small}:0 -C", "-L")
    yield f"@reset --gpu {gpu}"
    yield from ("", "-c 3", "-c 0", "-pm 0", "-pm 1", "-c EXCLUSIVE_PROCESS", "-c DEFAULT", f"-i {gpu} -mig 1", f"-i {gpu} -mig 0")
    yield from ONCE


PROFILES = {"a30": [14, 21, 5, 6, 0], "rtx": [14, 21, 47, 65, 67, 5, 35, 64, 66, 0, 32], "maxq": [14, 21, 47, 65, 67, 5, 35, 64, 66, 0, 32]}
# The readings in which a fault may be injected.
ASKED = """nvmlDeviceGetName nvmlDeviceGetBrand nvmlDeviceGetArchitecture nvmlDeviceGetSerial nvmlDeviceGetPciInfoExt nvmlDeviceGetFanSpeed
nvmlDeviceGetTemperatureV nvmlDeviceGetMarginTemperature nvmlDeviceGetPerformanceState nvmlDeviceGetPowerUsage nvmlDeviceGetEnforcedPowerLimit
nvmlDeviceGetMemoryInfo_v2 nvmlDeviceGetBAR1MemoryInfo nvmlDeviceGetUtilizationRates nvmlDeviceGetComputeMode nvmlDeviceGetMigMode nvmlDeviceGetEccMode
nvmlDeviceGetPersistenceMode nvmlDeviceGetDisplayActive nvmlDeviceGetDisplayMode nvmlDeviceGetMemoryErrorCounter nvmlDeviceGetTotalEccErrors
nvmlDeviceGetSramEccErrorStatus nvmlDeviceGetRemappedRows_v2 nvmlDeviceGetRowRemapperHistogram nvmlDeviceGetRetiredPages
nvmlDeviceGetClockInfo nvmlDeviceGetMaxClockInfo nvmlDeviceGetApplicationsClock nvmlDeviceGetCurrPcieLinkGeneration
nvmlDeviceGetMaxPcieLinkWidth nvmlDeviceGetPcieThroughput nvmlDeviceGetEncoderUtilization nvmlDeviceGetEncoderStats nvmlDeviceGetGpuFabricInfoV
nvmlDeviceGetCurrentClocksThrottleReasons nvmlDeviceGetSupportedClocksThrottleReasons nvmlDeviceGetAttributes_v2 nvmlDeviceGetUUID
nvmlDeviceGetFieldValues nvmlDeviceGetInforomVersion nvmlDeviceGetAccountingMode nvmlDeviceGetVirtualizationMode nvmlDeviceGetPciInfo_v3""".split()
CODES = [2, 3, 4, 6, 15, 16, 17, 21, 26, 27, 999]


def random_change(name, gpus, dice):
    """One random action on a node: most actions change something, some are refused."""
    profiles = PROFILES.get(name, [19, 20, 15, 14, 9, 5, 0])
    grid = {"a30": 4, "rtx": 12, "maxq": 12}.get(name, 8)
    one = dice.randrange(gpus)
    gpu = f"-i {one}" if dice.random() < 0.8 else dice.choice(["", f"-i {one},{dice.randrange(gpus)}"])
    kind = dice.random()
    if kind < 0.22:
        items = [str(dice.choice(profiles)) + (f":{dice.randrange(grid)}" if dice.random() < 0.3 else "") for _ in range(dice.randint(1, 4))]
        return f"mig {gpu} -cgi {','.join(items)}{' -C' if dice.random() < 0.7 else ''}"
    if kind < 0.30:
        gi = f"-gi {dice.randrange(15)}" if dice.random() < 0.6 else ""
        return f"mig {gpu} {gi} -cci {dice.choice(['', '0', '1', '0,0', '2', '3', '0:1', '4', '7'])}"
    if kind < 0.35:
        return f"mig {gpu} {'-gi ' + str(dice.randrange(15)) if dice.random() < 0.6 else ''} -dci{' -ci ' + str(dice.randrange(3)) if dice.random() < 0.3 else ''}"
    if kind < 0.40:
        return f"mig {gpu} {'-gi ' + str(dice.randrange(15)) if dice.random() < 0.7 else ''} -dgi"
    if kind < 0.55:
        return f"{gpu} -mig {dice.choice('111110')}"
    if kind < 0.63:
        return dice.choice([f"{gpu} -c {dice.choice('023')}", f"{gpu} -pm {dice.choice('01')}", f"{gpu} -e {dice.choice('01')}", f"{gpu} -am {dice.choice('01')}",
                            f"{gpu} -pl {dice.choice([100, 200, 300, 400])}", f"compute-policy {gpu} --set-timeslice {dice.randrange(4)}"])
    if kind < 0.67:
        return dice.choice(["@reboot", f"@reset --gpu {one}"])
    if kind < 0.83:
        where = f" --gi {dice.randrange(1, 14)} --ci 0" if dice.random() < 0.3 else ""
        return (f"@attach --gpu {one}{where} --memory {dice.choice([1, 64, 512, 3000])}MiB --type {dice.choice(['C', 'C', 'C', 'G', 'C+G', 'M+C'])}"
                f" --load {dice.choice([0, 10, 35, 100])},{dice.choice([0, 5, 60])} --name {dice.choice(['/usr/bin/python3', 'Xorg', '/opt/a-very-long-path/to/some/program-of-a-user', 'a.out'])}")
    if kind < 0.88:
        return "@detach"
    if kind < 0.95:
        return f"@inject --fail {dice.choice(CODES)} --on {dice.choice(ASKED)} --gpu {one} --repeat always"
    if kind < 0.97:
        return f"@raise --gpu {one} {dice.choice(['--ecc single', '--ecc double', '--xid 63', '--xid 48', '--xid 94'])}"
    if kind < 0.98:
        return f"@inject --lose --gpu {one}"
    return "@inject --clear"


def random_states(name, gpus, count, seed):
    """`count` successive states of a node, each with all its views."""
    dice = random.Random(f"{name} {seed}")
    for _ in range(count):
        for _ in range(dice.randint(2, 6)):
            yield random_change(name, gpus, dice)
        yield from STATE_VIEWS
