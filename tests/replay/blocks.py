"""The 72 blocks of output in the seed documents (see README.md), in the order in which they are replayed.

Seeds are numbered 000 to 004 (001 and 002 are one article, as draft and translation). A block names its seed and lines,
the node on which it runs (recipes/NAME.yaml), the steps that lead to it, and one verdict:

  same       the node prints exactly the bytes of the seed
  redacted   the same after the redactions that the block names, from the closed list in redact.py
  corrected  the seed is wrong or damaged there; the block gives the correct text and the reason
  rule       seed 003 describes the behaviour but shows no output; the text is in rules/, with its source
  waits      not replayed yet; the block names the missing feature
"""

from dataclasses import dataclass, field

SAME, REDACTED, CORRECTED, RULE, WAITS = "same", "redacted", "corrected", "rule", "waits"


@dataclass
class Do:
    """A command inside the node that leads to the next state. Its exit status must be `status`."""
    command: str
    status: int = 0


@dataclass
class Run:
    """A command inside the node whose output is compared with lines of the seed (in expected/) or with a file of
    rules/."""
    command: str
    text: str  # name of the file without folder and .txt
    lines: tuple = ()  # first and last line in the seed; empty: a file of rules/
    status: int = 0
    fix: dict = field(default_factory=dict)  # wrong line of the seed -> right line
    redact: tuple = ()
    only: str = ""  # the MIG device that a container gets (`sim exec --only`)


@dataclass
class Start:
    """Starts a client of GPU 0 that runs until Stop, unless it already runs."""
    name: str
    memory: str
    type: str
    hidden: str = ""


@dataclass
class Stop:
    """Ends all clients of the node, like `systemctl stop gdm` in the seed."""


@dataclass
class Sim:
    """A command of `gpuslice sim` on the node."""
    verb: str


@dataclass
class Block:
    number: int
    seed: str
    about: str
    verdict: str
    node: str = ""
    steps: list = field(default_factory=list)
    reason: str = ""  # for a correction or a rule
    waits: str = ""  # the missing feature
    command: str = ""  # of a waiting block, as in the seed
    needs: str = ""  # "devices": skipped, with a message, where device files cannot be created
    cuts: dict = field(default_factory=dict)  # further extracted lines that no step compares: {name: (first, last)}

    @property
    def pieces(self):
        """{file name: (first line, last line)} of everything extracted from the seed for this block."""
        runs = {s.text: s.lines for s in self.steps if isinstance(s, Run) and s.lines}
        return runs | self.cuts


def waits(number, seed, about, node, command, what, **cuts):
    return Block(number, seed, about, WAITS, node, waits=what, command=command,
                 cuts={f"{number:02}-{k}": v for k, v in cuts.items()})


CSV = "nvidia-smi --query-gpu=mig.mode.current,mig.mode.pending --format=csv,noheader"
# The profiles that seed 003 names for each product, with the maximum number of instances of each.
PROFILES = "; ".join(
    f"gpuslice profiles --for {product} --output csv | cut -d, -f2,4 | grep -xE '({names}),[0-9]+' | sed 's/^/{product} /'"
    for product, names in {
        "a100-40gb": "1g.5gb|7g.40gb|1g.10gb|2g.10gb|3g.20gb|4g.20gb", "a100-80gb": "1g.10gb|7g.80gb|1g.20gb|2g.20gb|3g.40gb",
        "h100-80gb-sxm5": "1g.10gb|7g.80gb|1g.20gb|2g.20gb|3g.40gb|4g.40gb", "h200-141gb": "1g.18gb|7g.141gb|1g.35gb|2g.35gb|3g.71gb|4g.71gb",
        "b200-180gb": "1g.23gb|7g.180gb|1g.45gb|2g.45gb|3g.90gb|4g.90gb",
        "rtx-pro-6000-blackwell-96gb": "1g.24gb|1g.24gb[+]gfx|2g.48gb|4g.96gb"}.items())
MIG_CSV = "nvidia-smi -i 0 --query-gpu=mig.mode.current --format=csv"
LOOP = ("find /proc/driver/nvidia/capabilities/gpu0/mig/ -name access | sort | while read f; do "
        """minor=$(grep DeviceFileMinor "$f" | awk '{print $2}'); echo "$f  →  /dev/nvidia-caps/nvidia-cap${minor}"; done""")
SECOND_CI = ("Successfully created compute instance ID  {} on GPU  0 GPU instance ID  3 "
             "using profile MIG 1c.2g.10gb (ID  0)")
GDM = [Start("/usr/lib/xorg/Xorg", "10MiB", "G", "19MiB"), Start("/usr/bin/gnome-shell", "17MiB", "G")]
GDM_BEFORE = [Start("/usr/lib/xorg/Xorg", "42MiB", "G", "55MiB"), Start("/usr/bin/gnome-shell", "23MiB", "G")]

SEED_000 = [
    Block(1, "000", "default view, MIG N/A, two graphics processes", REDACTED, "rtx-display", GDM_BEFORE + [
        # In the seed, the view starts below the line with the date.
        Run("nvidia-smi | tail -n +2", "01-default", (15, 34), redact=("pid",))]),
    Block(2, "000", "query of three fields", CORRECTED, "rtx-display", [
        Run("nvidia-smi --query-gpu=driver_version,name,mig.mode.current | tail -n 1", "02-csv", (41, 41)),
        Run("nvidia-smi --query-gpu=driver_version,name,mig.mode.current", "02-query")],
        "the seed shows no header line here, and shows it at lines 47 and after: the real program prints it"),
    Block(3, "000", "compute_mode", SAME, "rtx-display",
          [Run("nvidia-smi --query-gpu=compute_mode", "03-query", (48, 49))]),
    Block(4, "000", "display_attached", SAME, "rtx-display",
          [Run("nvidia-smi --query-gpu=display_attached", "04-query", (62, 63))]),
    Block(5, "000", "display_active", SAME, "rtx-display",
          [Run("nvidia-smi --query-gpu=display_active", "05-query", (69, 70))]),
    Block(6, "000", "persistence_mode", SAME, "rtx-display",
          [Run("nvidia-smi --query-gpu=persistence_mode", "06-query", (80, 81))]),
    Block(7, "000", "addressing_mode", SAME, "rtx-display",
          [Run("nvidia-smi --query-gpu=addressing_mode", "07-query", (87, 88))]),
    Block(8, "000", "dialogue of displaymodeselector; after the reboot the mode is there", SAME, "rtx-display", [
        Run("printf 'y1y' | displaymodeselector --gpumode", "08-dialogue", (119, 153)),
        Run("nvidia-smi --query-gpu=driver_version,name,mig.mode.current | tail -n 1", "08-before-reboot", (41, 41)),
        Stop(), Sim("reboot"),
        Do(f"{MIG_CSV} | grep -qx Disabled")]),
    Block(9, "000", "default view, Disabled", REDACTED, "rtx", GDM + [
        Run("nvidia-smi", "09-default", (179, 199), redact=("date", "pid"))]),
    Block(10, "000", "MIG mode as csv, Disabled", SAME, "rtx", GDM + [Run(MIG_CSV, "10-csv", (208, 209))]),
    Block(11, "000", "-mig 1 beside two graphics processes", SAME, "rtx", [
        Run("nvidia-smi -i 0 -mig 1", "11-mig", (212, 213))]),
    Block(12, "000", "MIG mode as csv, Enabled", SAME, "rtx", [Run(MIG_CSV, "12-csv", (215, 216))]),
    Block(13, "000", "default view, Enabled, no MIG device", REDACTED, "rtx", [
        Run("nvidia-smi", "13-default", (221, 251), redact=("date", "pid", "power"))]),
    Block(14, "000", "-lgip, eleven profiles", SAME, "rtx", [Run("nvidia-smi mig -lgip", "14-lgip", (257, 294))]),
    Block(15, "000", "-cgi 14 -C beside two graphics processes", SAME, "rtx", [
        Run("nvidia-smi mig -cgi 14 -C", "15-cgi", (329, 330), status=19)]),
    Block(16, "000", "default view, the two processes", REDACTED, "rtx", [
        Run("nvidia-smi", "16-default", (336, 366), redact=("date", "pid"))]),
    Block(17, "000", "default view after gdm", REDACTED, "rtx", [
        Stop(), Run("nvidia-smi", "17-default", (371, 400), redact=("date", "power"))]),
    Block(18, "000", "-cgi 14 -C", SAME, "rtx", [Run("nvidia-smi mig -cgi 14 -C", "18-cgi", (406, 407))]),
    Block(19, "000", "-L", SAME, "rtx", [Run("nvidia-smi -L", "19-list", (412, 413))]),
    Block(20, "000", "default view in a container with one MIG device", REDACTED, "rtx", [
        Run("nvidia-smi", "20-default", (421, 451), redact=("date", "temperature"),
            only="MIG-a03442ea-7e39-5c87-a571-2c92a740e2b4")]),
]

RESOLVE_UUIDS = ("for v in MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd MIG-8970491e-16e0-5140-9f8f-d561baa3c186 "
                 "MIG-239565ce-30e3-52d7-8197-5630d3ce21fa MIG-20301a31-77fa-59ec-b0b8-7ef543821f29; "
                 "do gpuslice resolve $v --output line; done")
RESOLVE_PATHS = ("for i in 2/0 3/0 3/1 9/0; do "
                 "gpuslice resolve MIG-GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9/$i --output line; done")

SEED_001 = [
    waits(21, "001", "MPS started, ps", "a100",
          "nvidia-cuda-mps-control -d; ps -ef | grep mps",
          "MPS", ps=(32, 33)),
    waits(22, "001", "ls of the MPS directory", "a100",
          "ls -la /tmp/nvidia-mps/",
          "MPS", ls=(87, 94)),
    waits(23, "001", "MPS daemon per GPU, thread percentages", "a100",
          "nvidia-cuda-mps-control -d per GPU; set_default_active_thread_percentage",
          "MPS"),
    Block(24, "001", "-lgip of an empty GPU", SAME, "a100", [
        Do("nvidia-smi -i 0 -mig 1"), Run("nvidia-smi mig -i 0 -lgip", "24-lgip", (155, 180))]),
    Block(25, "001", "-cgi 4g.20gb, -lgip", CORRECTED, "a100", [
        Run("nvidia-smi mig -i 0 -cgi 4g.20gb", "25-cgi", (183, 183), fix={
            "Successfully created GPU instance ID  1 on GPU  0 using profile MIG 4g.20gb (ID  5)":
            "Successfully created GPU instance ID  2 on GPU  0 using profile MIG 4g.20gb (ID  5)"}),
        Run("nvidia-smi mig -i 0 -lgip", "25-lgip", (185, 210))],
        "the instance is 2, as -lgi and -lci print below, its capability minors are 21 and 22, and 002 says so"),
    Block(26, "001", "-cgi 2g.10gb, -lgip", SAME, "a100", [
        Run("nvidia-smi mig -i 0 -cgi 2g.10gb", "26-cgi", (213, 213)),
        Run("nvidia-smi mig -i 0 -lgip", "26-lgip", (215, 240))]),
    Block(27, "001", "-cgi 1g.5gb, -lgip", SAME, "a100", [
        Run("nvidia-smi mig -i 0 -cgi 1g.5gb", "27-cgi", (243, 243)),
        Run("nvidia-smi mig -i 0 -lgip", "27-lgip", (245, 270))]),
    Block(28, "001", "-lgi", SAME, "a100", [Run("nvidia-smi mig -i 0 -lgi", "28-lgi", (273, 283))]),
    Block(29, "001", "compute instance in GPU instance 2", SAME, "a100", [
        Run("nvidia-smi mig -i 0 -gi 2 -lcip", "29-lcip-before", (287, 301)),
        Run("nvidia-smi mig -i 0 -gi 2 -cci", "29-cci", (303, 303)),
        Run("nvidia-smi mig -i 0 -gi 2 -lcip", "29-lcip-after", (305, 319))]),
    Block(30, "001", "two compute instances in GPU instance 3", CORRECTED, "a100", [
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "30-lcip-0", (323, 334)),
        Run("nvidia-smi mig -i 0 -gi 3 -cci 1c.2g.10gb", "30-cci-1", (337, 337)),
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "30-lcip-1", (339, 350)),
        Run("nvidia-smi mig -i 0 -gi 3 -cci 1c.2g.10gb", "30-cci-2", (353, 353), fix={
            SECOND_CI.format(0): SECOND_CI.format(1)}),
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "30-lcip-2", (355, 366))],
        "the second is 1, as -lci, the default view, -L and nvidia-cap32 show"),
    Block(31, "001", "compute instance in GPU instance 9", SAME, "a100", [
        Run("nvidia-smi mig -i 0 -gi 9 -lcip", "31-lcip-before", (370, 378)),
        Run("nvidia-smi mig -i 0 -gi 9 -cci 1g.5gb", "31-cci", (381, 381)),
        Run("nvidia-smi mig -i 0 -gi 9 -lcip", "31-lcip-after", (383, 391))]),
    Block(32, "001", "-lgi", SAME, "a100", [Run("nvidia-smi mig -i 0 -lgi", "32-lgi", (395, 405))]),
    Block(33, "001", "-lci", SAME, "a100", [Run("nvidia-smi mig -i 0 -lci", "33-lci", (408, 421))]),
    Block(34, "001", "default view of GPU 0", REDACTED, "a100", [
        Run("nvidia-smi -i 0", "34-default", (424, 463), redact=("date",))]),
    Block(35, "001", "-L, eight GPUs", SAME, "a100", [Run("nvidia-smi -L", "35-list", (466, 477))]),
    Block(36, "001", "each CUDA_VISIBLE_DEVICES form names its device", CORRECTED, "a100", [
        Run(RESOLVE_UUIDS, "36-devices"),
        Run(RESOLVE_PATHS, "36-devices"),
        Run("for i in 2/0 3/0 3/1 9/0; do gpuslice resolve 0:$i --output line; done", "36-devices")],
        "the seed prints nothing; 0:2/0 is no CUDA form but our input; a CUDA process sees one MIG device, not two"),
    Block(37, "001", "ls of /dev/nvidia-caps", REDACTED, "a100", [
        Run("ls -la /dev/nvidia-caps/ | grep nvidia-cap", "37-ls", (514, 523), redact=("file",))],
        needs="devices"),
    Block(38, "001", "loop over the capabilities tree", SAME, "a100", [Run(LOOP, "38-loop", (530, 536))]),
    Block(39, "001", "the module and service steps", RULE, "rule-a100", [
        Start("nvidia-persistenced", "0MiB", "C"),
        Run("nvidia-smi -i 0 -mig 1", "51-ampere-busy"),
        Run(CSV, "51-pending"),
        Stop(),
        Sim("reset"),
        Run(CSV, "51-on"),
        Sim("reboot"),
        Run("nvidia-smi -i 0 --query-gpu=mig.mode.current --format=csv,noheader", "39-enabled"),
        Do("nvidia-smi -i 0 -mig 0")],
        "the seed prints nothing: while a service holds the GPU the mode is pending; after the services are stopped "
        "and the modules reloaded (here: the client ends, a reset) it is on, and on Ampere it persists over a reboot"),
    Block(40, "001", "mig.py -i 0 -m 1", CORRECTED, "a100", [Run("nvidia-smi mig.py -i 0 -m 1", "40-mig-py", status=2)],
          "the seed prints nothing; recorded from the real program"),
]

SEED_002 = [
    waits(41, "002", "the MPS server starts with the first client", "a100-002",
          "nvidia-cuda-mps-control -d; a client; ps -ef | grep mps",
          "MPS", ps=(66, 67)),
    waits(42, "002", "ls and ps of MPS", "a100-002",
          "ls -l /tmp/nvidia-mps/; ps -fp",
          "MPS", ls=(94, 99), ps=(113, 115)),
    waits(43, "002", "each control command of MPS", "a100-002",
          "echo COMMAND | nvidia-cuda-mps-control",
          "MPS"),
    Block(44, "002", "-mig 1 and its csv", CORRECTED, "a100-002", [
        Run("nvidia-smi -i 0 -mig 1", "44-mig"),
        Run(MIG_CSV + ",noheader", "44-csv", (156, 156))],
        "the seed shows nothing after -mig 1; the real program prints two lines"),
    Block(45, "002", "the walk of blocks 24 to 33", CORRECTED, "a100-002", [
        Do("nvidia-smi -i 0 -mig 1"),
        Run("nvidia-smi mig -i 0 -lgip", "45-lgip-0", (160, 185)),
        Run("nvidia-smi mig -i 0 -cgi 4g.20gb", "45-cgi-1", (193, 193)),
        Run("nvidia-smi mig -i 0 -lgip", "45-lgip-1", (195, 220)),
        Run("nvidia-smi mig -i 0 -cgi 2g.10gb", "45-cgi-2", (224, 224)),
        Run("nvidia-smi mig -i 0 -lgip", "45-lgip-2", (226, 251)),
        Run("nvidia-smi mig -i 0 -cgi 1g.5gb", "45-cgi-3", (255, 255)),
        Run("nvidia-smi mig -i 0 -lgip", "45-lgip-3", (257, 282)),
        Run("nvidia-smi mig -i 0 -lgi", "45-lgi-0", (286, 296)),
        Run("nvidia-smi mig -i 0 -gi 2 -lcip", "45-lcip-2-0", (304, 318)),
        Run("nvidia-smi mig -i 0 -gi 2 -cci 4g.20gb", "45-cci-2", (321, 321)),
        Run("nvidia-smi mig -i 0 -gi 2 -lcip", "45-lcip-2-1", (323, 337)),
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "45-lcip-3-0", (341, 352)),
        Run("nvidia-smi mig -i 0 -gi 3 -cci 1c.2g.10gb", "45-cci-3-0", (355, 355)),
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "45-lcip-3-1", (357, 368)),
        Run("nvidia-smi mig -i 0 -gi 3 -cci 1c.2g.10gb", "45-cci-3-1", (371, 371), fix={
            SECOND_CI.format(0): SECOND_CI.format(1)}),
        Run("nvidia-smi mig -i 0 -gi 3 -lcip", "45-lcip-3-2", (373, 384)),
        Run("nvidia-smi mig -i 0 -gi 9 -lcip", "45-lcip-9-0", (388, 396)),
        Run("nvidia-smi mig -i 0 -gi 9 -cci 1g.5gb", "45-cci-9", (399, 399)),
        Run("nvidia-smi mig -i 0 -gi 9 -lcip", "45-lcip-9-1", (401, 409)),
        Run("nvidia-smi mig -i 0 -lgi", "45-lgi-1", (413, 423)),
        Run("nvidia-smi mig -i 0 -lci", "45-lci", (426, 439))],
        "the second 1c.2g.10gb is compute instance 1 (line 371), as the lists below it print"),
    Block(46, "002", "default view of GPU 0", REDACTED, "a100-002", [
        Run("nvidia-smi -i 0", "46-default", (448, 487), redact=("date",))]),
    Block(47, "002", "-i 0 -L", SAME, "a100-002", [Run("nvidia-smi -i 0 -L", "47-list", (490, 494))]),
    Block(48, "002", "ls and loop of the capabilities", REDACTED, "a100-002", [
        Run("ls -l /dev/nvidia-caps/ | grep nvidia-cap", "48-ls", (502, 511), redact=("file",)),
        Run(LOOP, "48-loop", (518, 524))],
        needs="devices"),
    Block(49, "002", "the two CUDA_VISIBLE_DEVICES forms", CORRECTED, "a100-002", [
        Run(RESOLVE_UUIDS, "36-devices"), Run(RESOLVE_PATHS, "36-devices")],
        "the seed prints nothing"),
    waits(50, "002", "time-slicing and MPS on MIG devices", "a100-002",
          "no command in the seed",
          "MPS and the time-slice policy"),
]

NO_TEXT = "seed 003 prints no output; "
SEED_003 = [
    Block(51, "003", "enable on Ampere idle and with a client, on Hopper", RULE, "rule-a100", [
        Run(CSV, "51-off"),
        Run("nvidia-smi -i 0 -mig 1", "51-ampere-idle"),
        Run(CSV, "51-on"),
        Run("nvidia-smi -i 0 -mig 0", "51-ampere-off"),
        Start("python3", "64MiB", "C"),
        Run("nvidia-smi -i 0 -mig 1", "51-ampere-busy"),
        Run(CSV, "51-pending"),
        Stop(),
        Run("nvidia-smi -i 0 -mig 1", "51-ampere-idle"),
        Run(CSV, "51-on"),
        ("rule-h100", Run("nvidia-smi -i 0 -mig 1", "51-hopper")),
        ("rule-h100", Run(CSV, "51-on"))],
        NO_TEXT + "a busy Ampere is not refused: the request is stored, status 0 (recorded texts)"),
    Block(52, "003", "after a reboot", RULE, "rule-a100", [
        Do("nvidia-smi mig -cgi 9 -C"),
        Sim("reboot"),
        Run(CSV, "51-on"),
        Run("nvidia-smi mig -lgi", "52-gone", status=6),
        Run("nvidia-smi -L", "52-list"),
        ("rule-h100", Do("nvidia-smi mig -cgi 9 -C")),
        ("rule-h100", Sim("reboot")),
        ("rule-h100", Run(CSV, "51-off")),
        ("rule-h100", Run("nvidia-smi mig -lgi", "52-off"))],
        NO_TEXT + "Ampere keeps the mode, Hopper does not, the instances are gone on both (seed 003, line 24)"),
    Block(53, "003", "-cgi 9,3g.20gb -C and -cgi 19,14,5 -C", RULE, "rule-a100", [
        Run("nvidia-smi mig -cgi 9,3g.20gb -C", "53-two"),
        Do("nvidia-smi mig -dci"), Do("nvidia-smi mig -dgi"),
        Run("nvidia-smi mig -cgi 19,14,5 -C", "53-three")],
        NO_TEXT + "ids of board variant A as the MIG user guide prints them for these very lists"),
    Block(54, "003", "-cgi without -C, then -L", RULE, "rule-a100", [
        Do("nvidia-smi mig -dci"), Do("nvidia-smi mig -dgi"), Do("nvidia-smi mig -cgi 19,14,5"),
        Run("nvidia-smi -L", "52-list")],
        NO_TEXT + "a GPU instance without compute instance is no MIG device (recorded)"),
    Block(55, "003", "-lgi, -lci -gi 1, -L", RULE, "rule-a100", [
        Run("nvidia-smi mig -cci", "55-cci"),
        Run("nvidia-smi mig -lgi", "55-lgi"),
        Run("nvidia-smi mig -lci -gi 1", "55-lci"),
        Run("nvidia-smi -L", "55-list")],
        NO_TEXT + "formats of seed 001, order by profile enum as recorded"),
    Block(56, "003", "-dgi with compute instances, -dci, -dgi", RULE, "rule-a100", [
        Run("nvidia-smi mig -dgi", "56-refused", status=19),
        Run("nvidia-smi mig -dci", "56-dci"),
        Run("nvidia-smi mig -dgi", "56-dgi")],
        NO_TEXT + "recorded texts"),
    Block(57, "003", "-mig 0 with instances", RULE, "rule-a100", [
        Do("nvidia-smi mig -cgi 14 -C"),
        Run("nvidia-smi -i 0 -mig 0", "57-refused", status=19),
        Run(CSV, "51-on"),
        Do("nvidia-smi mig -dci"), Do("nvidia-smi mig -dgi")],
        NO_TEXT + "In use (transcripts), recorded text"),
    Block(58, "003", "-lgip as instances are created; slices that fit but have no placement", RULE, "rule-a100", [
        Run("nvidia-smi mig -lgip", "58-empty"),
        Run("nvidia-smi mig -cgi 19,19,14,9", "58-refused", status=23),
        Run("nvidia-smi mig -lgip", "58-after")],
        NO_TEXT + "ids and refusal as in the MIG user guide; 1+1+2+3 slices of 7 would fit"),
    Block(59, "003", "profile tables", RULE, "rule-h100", [Run(PROFILES, "59-profiles")],
          "the seed's tables name example profiles and their highest counts; `gpuslice profiles` must print the same"),
]

SEED_004 = [
    Block(60, "004", "default view, R510, 79 columns", REDACTED, "a10", [
        Run("nvidia-smi", "60-default", (36, 55), redact=("date",))]),
    waits(61, "004", "PCI tree behind lspci and virsh", "a10",
          "lspci | grep NVIDIA; virsh nodedev-dumpxml pci_0000_41_00_0",
          "SR-IOV in sysfs", lspci=(67, 67), virsh=(79, 105)),
    waits(62, "004", "sriov-manage -e", "a10",
          "sriov-manage -e 00:41:0000.0",
          "SR-IOV", sriov=(116, 116)),
    waits(63, "004", "links of the 32 virtual functions", "a10",
          "ls -l /sys/bus/pci/devices/0000:41:00.0/ | grep virtfn",
          "SR-IOV", links=(123, 128)),
    waits(64, "004", "monitoring fields of a virtual function", "a10",
          "onehost show -j 13",
          "vGPU types"),
    Block(65, "004", "-mig 1", CORRECTED, "h100nvl", [
        Run("nvidia-smi -i 0 -mig 1", "65-mig", (163, 164), fix={
            "Enabled MIG Mode for GPU 00000000:e1:00.0": "Enabled MIG Mode for GPU 00000000:E1:00.0"})],
        "the address is printed in upper case"),
    Block(66, "004", "-q, MIG Mode, old columns", SAME, "h100nvl", [
        Run("nvidia-smi -i 0 -q | grep \"MIG Mode\" -A1", "66-q", (167, 168))]),
    Block(67, "004", "-lgip, 79 columns", SAME, "h100nvl", [
        Do("nvidia-smi -i 0 -mig 1"), Run("nvidia-smi mig -lgip", "67-lgip", (183, 208))]),
    Block(68, "004", "-cgi 19,19 -C", CORRECTED, "h100nvl", [
        Do("nvidia-smi -i 0 -mig 1"), Run("nvidia-smi mig -cgi 19,19 -C", "68-cgi"),
        Do("nvidia-smi mig -dci"), Do("nvidia-smi mig -dgi")],
        "lines 223-228 are written by hand: the instances are 13 and 11, profile ids 19 and 0, one line each",
        cuts={"68-printed": (223, 228)}),
    Block(69, "004", "-cgi 14,14,19 -C", CORRECTED, "h100nvl", [
        Do("nvidia-smi -i 0 -mig 1"), Run("nvidia-smi mig -cgi 14,14,19 -C", "69-cgi"),
        Do("nvidia-smi mig -dci"), Do("nvidia-smi mig -dgi")],
        "lines 235-243 are written by hand: in the order of the list, instances 5, 3, 13",
        cuts={"69-printed": (235, 243)}),
    Block(70, "004", "-lgi, 57 columns", SAME, "h100nvl", [
        Do("nvidia-smi -i 0 -mig 1"), Do("nvidia-smi mig -cgi 14,14,14,19 -C"),
        Run("nvidia-smi mig -lgi", "70-lgi", (266, 278))]),
    Block(71, "004", "-L", SAME, "h100nvl", [Run("nvidia-smi -L", "71-list", (281, 285))]),
    Block(72, "004", "-dci -i -gi -ci, then -dgi -i -gi", CORRECTED, "h100nvl", [
        Run("nvidia-smi mig -dci -i 0 -gi 4 -ci 0", "72-dci"), Run("nvidia-smi mig -dgi -i 0 -gi 4", "72-dgi")],
        "the seed gives the commands only"),
]

# Nodes that use the recipe of another node.
RECIPES = {"a100-002": "a100"}

BLOCKS = SEED_000 + SEED_001 + SEED_002 + SEED_003 + SEED_004
