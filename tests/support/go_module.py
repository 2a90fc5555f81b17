"""The source of a Go module at a pinned version."""

import json
import shutil
import subprocess
from pathlib import Path

from .skip import Missing


def module_folder(module, version, environment):
    """The folder into which `go mod download` puts the module. Raises Missing."""
    if shutil.which("go") is None:
        raise Missing("go is not installed")
    try:
        ran = subprocess.run(["go", "mod", "download", "-json", f"{module}@{version}"], capture_output=True, text=True, timeout=300, check=False,
                             env=environment, cwd="/")
    except subprocess.TimeoutExpired:
        raise Missing("go mod download took more than 300 seconds") from None
    try:
        answer = json.loads(ran.stdout)
    except ValueError:
        answer = {"Error": (ran.stderr or ran.stdout).strip() or "go mod download printed nothing"}
    if "Error" in answer:
        raise Missing(answer["Error"].replace("\n", " "))
    return Path(answer["Dir"])
