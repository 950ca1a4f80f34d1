"""Other packages, each in a process of its own and with a time limit."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from analytics.psychometrics import ResponseMatrix
from benchmarks import FOLDER

SCRIPTS = Path(__file__).resolve().parent / "peers"
ENVIRONMENT = FOLDER / "python-peers"
IN_R = ("R", "psych", "lavaan")
IN_PYTHON = ("factor_analyzer", "semopy", "pingouin")
# factor_analyzer calls an argument that scikit-learn 1.8 has dropped
REQUIREMENTS = ("scikit-learn==1.7.*", "factor_analyzer", "semopy", "pingouin")
REPEATS = 6.0  # seconds that repeats may take
STARTING = 60.0  # seconds for packages, data and the warm-up, beside the limit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said: its median seconds, None where it gave no result in time."""

    seconds: float | None
    limit: float
    found: Mapping[str, Any]
    error: str = ""


def make_environment() -> str:
    """Make the environment of the Python packages once; return what went wrong."""
    python = ENVIRONMENT / "bin" / "python"
    if (ENVIRONMENT / "made").exists():
        return ""
    print(f"Installing {', '.join(IN_PYTHON)} into {ENVIRONMENT} (once) ...")
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
        [str(python), "-m", "pip", "install", "-q", *REQUIREMENTS],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1]
    (ENVIRONMENT / "made").touch()
    return ""


def versions() -> dict[str, str]:
    """Return the version of every peer, or "not installed"."""
    known = dict.fromkeys((*IN_R, *IN_PYTHON), "not installed")
    if shutil.which("Rscript"):
        for name in IN_R:
            asked = "R.version" if name == "R" else f"packageVersion('{name}')"
            shown = "getRversion()" if name == "R" else asked
            known[name] = _said(["Rscript", "-e", f"cat(as.character({shown}))"])
    if (ENVIRONMENT / "made").exists():
        for name in IN_PYTHON:
            code = f"from importlib.metadata import version; print(version('{name}'))"
            known[name] = _said([str(ENVIRONMENT / "bin" / "python"), "-c", code])
    return known


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "not installed"


def store(data: ResponseMatrix, folder: Path) -> Path:
    """Write signed bytes, item after item, for the peers to read."""
    path = folder / "answers.bin"
    path.write_bytes(data.codes.T.tobytes())
    return path


def ask(
    peer: str, statistic: str, stored: Path, data: ResponseMatrix, limit: float
) -> Answer:
    """Let a peer compute a statistic; loading and warming up are not counted."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        program = (
            ["Rscript", str(SCRIPTS / "peers.R")]
            if peer in IN_R
            else [str(ENVIRONMENT / "bin" / "python"), str(SCRIPTS / "peers.py")]
        )
        what = [peer, statistic, str(stored), str(data.n), str(data.p), str(REPEATS)]
        try:
            done = subprocess.run(
                [*program, *what, str(result)],
                capture_output=True,
                text=True,
                timeout=limit + STARTING,
            )
        except subprocess.TimeoutExpired:
            return Answer(None, limit, {})
        if done.returncode:
            said = done.stderr.replace("Execution halted", "").strip().splitlines()
            return Answer(None, limit, {}, error=said[-1] if said else "no message")
        found = json.loads(result.read_text(encoding="utf-8"))
    return Answer(median(found["seconds"]) / found.get("share", 1), limit, found)
