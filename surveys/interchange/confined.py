"""Reads a file in a process of its own, so that a hostile one hurts nobody.

The child may take 450 MB and seven seconds of processor time; ten seconds after its
start it is killed. It writes no file and gives back plain data alone.
"""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from surveys.interchange.child import OUT_OF_MEMORY
from surveys.interchange.findings import Finding, Imported, ImportRefused

LARGEST_FILE = 5_000_000  # bytes
SECONDS = 9
_ROOT = str(Path(__file__).resolve().parents[2])
_CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from surveys.interchange.child import main; main()"
)
_LONGEST_NAME = 200

logger = logging.getLogger(__name__)


def read_file(data: bytes, *, filename: str) -> Imported:
    """Content of a questionnaire in the file `data`, and what was changed or left out.

    Raises
    ------
    ImportRefused
        With one sentence, within ten seconds; nothing of the file is kept.
    """
    if len(data) > LARGEST_FILE:
        limits = {"size": f"{len(data):,}", "limit": f"{LARGEST_FILE:,}"}
        raise ImportRefused("too_large", limits)
    found = _ask(data, filename.replace("\0", "")[-_LONGEST_NAME:])
    if "refused" in found:
        raise ImportRefused(found["refused"], found["params"])
    findings = tuple(Finding(*finding) for finding in found["findings"])
    return Imported(found["content"], findings, found["codes"], found["kind"])


def _ask(data: bytes, filename: str) -> dict[str, Any]:
    # -I: neither the environment nor the current folder choose what is imported
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _CODE, _ROOT, filename]
    try:
        done = subprocess.run(  # noqa: S603, our own program
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise ImportRefused("took_too_long", {"seconds": SECONDS}) from None
    if done.returncode < 0 or done.returncode == OUT_OF_MEMORY:
        raise ImportRefused("too_demanding")
    if done.returncode != 0:
        # the last lines name our code and the kind of error, which is ours to mend
        logger.warning(
            "Reading a file failed: %s", done.stderr.decode(errors="replace")[-2000:]
        )
        if b"MemoryError" in done.stderr[-200:]:
            raise ImportRefused("too_demanding")
        raise ImportRefused("unreadable")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
