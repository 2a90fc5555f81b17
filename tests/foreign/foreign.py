"""Shared by the suites of this folder: third-party programs, built in a cache folder, and a node to run them on."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from support import go_module
from support.arguments import parser
from support.case import OnNode
from support.case import main as run_tests
from support.skip import Missing, skip

ROOT = Path(__file__).resolve().parents[2]


def tell(words, cwd, environment=None, seconds=900):
    """Runs a command. Returns whether it succeeded, and its output."""
    try:
        ran = subprocess.run([str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False, f"did not end within {seconds} s"
    return ran.returncode == 0, (ran.stdout + ran.stderr).strip()


def go(cache):
    """The environment with which go keeps its downloads and build results in the cache folder."""
    for tool in ("go", "cc"):
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed")
    return {**os.environ, "GOFLAGS": "-mod=mod -modcacherw -buildvcs=false", "CGO_ENABLED": "1", "CGO_LDFLAGS_ALLOW": "-Wl,.*",
            "GOMODCACHE": str(cache / "go" / "mod"), "GOCACHE": str(cache / "go" / "build"), "GOTOOLCHAIN": "local"}


def build_go(cache, name, requires, package, *flags, sources=()):
    """Builds a Go program as its own module from pinned modules, of which the first is under test. `sources` are its
    files. Raises Missing if a module cannot be downloaded; a compile error ends the test program."""
    environment = go(cache)
    folder = cache / name
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"require {module} {version}\n" for module, version in requires)
    wanted = f"module foreign\n\ngo 1.21\n\n{lines}"
    mark = folder / "wanted.txt"
    if not mark.exists() or mark.read_text(encoding="ascii") != wanted:  # go adds further requirements to go.mod
        (folder / "go.mod").write_text(wanted, encoding="ascii")
        (folder / "go.sum").unlink(missing_ok=True)
        mark.write_text(wanted, encoding="ascii")
    for source in sources:
        shutil.copy(source, folder)
    went, said = tell(["go", "list", "-deps", package], folder, environment)
    if not went:
        mark.unlink()
        raise Missing(f"{requires[0][0]} {requires[0][1]}: {said.splitlines()[-1] if said else 'go list failed'}")
    program = folder / "program"
    went, said = tell(["go", "build", *flags, "-o", program, package], folder, environment)
    if not went:
        sys.exit(f"{name}: {requires[0][0]} {requires[0][1]} does not compile:\n{said}")
    return program


def module_folder(cache, module, version):
    """The folder with the source of a Go module."""
    return go_module.module_folder(module, version, go(cache))


def python_with(cache, name, requirements):
    """A Python environment with exactly these packages."""
    folder = cache / name
    python, mark = folder / "bin" / "python", folder / "has.txt"
    wanted = "\n".join(requirements) + "\n"
    if mark.exists() and mark.read_text(encoding="ascii") == wanted:
        return python
    folder.mkdir(parents=True, exist_ok=True)
    for words in ([sys.executable, "-m", "venv", "--clear", folder],
                  [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--retries", "2", "--timeout", "20",
                   *requirements]):
        went, said = tell(words, "/", seconds=300)
        if not went:
            raise Missing(f"{' '.join(requirements)}: {said.splitlines()[-1] if said else 'no output'}")
    mark.write_text(wanted, encoding="ascii")
    return python


class OnForeignNode(OnNode):
    """A test that creates its own nodes; `program` is gpuslice."""

    soak = False

    def node(self, gpus="1xa100-40gb", variant="A", mig=True):
        node = super().node(gpus, variant, mig)
        node.must = lambda *words: self.did(node.call(*words))
        return node

    def listed(self, node):
        """The rows of `gpuslice list`."""
        return json.loads(self.did(node.on("list", "--output", "json")).stdout)

    def stands(self, node):
        """For each GPU, as `gpuslice list` shows it: None with MIG off, otherwise the number of GPU instances of each
        profile."""
        rows = self.listed(node)
        modes = {row["gpu"]: row["mig_mode"] for row in rows if row["kind"] == "gpu"}
        self.assertLessEqual(set(modes.values()), {"on", "off"})
        return [Counter(row["profile"] for row in rows if row["kind"] == "gi" and row["gpu"] == gpu) if modes[gpu] == "on" else None
                for gpu in sorted(modes)]


def main(name, prepare):
    """Runs the suite of the calling module. `prepare(cache)` builds what it needs and returns a description; if it
    cannot, the suite exits with 77."""
    arguments = parser(sys.modules["__main__"].__doc__)
    arguments.add_argument("--cache", default=ROOT / "build" / "foreign", type=lambda path: Path(path).resolve())
    arguments.add_argument("--soak", action="store_true",
                           help="also run tests that take minutes: every product, every configuration")
    known, _ = arguments.parse_known_args()
    OnForeignNode.soak = known.soak
    known.cache.mkdir(parents=True, exist_ok=True)
    try:
        print(prepare(known.cache), flush=True)
    except Missing as why:
        skip(name, why)
    run_tests(arguments)
