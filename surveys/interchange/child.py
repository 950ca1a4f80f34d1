"""The process in which files of strangers are read; ends itself at its limits."""

import contextlib
import json
import resource
import sys
from typing import Any

MEMORY = 450 * 1024 * 1024  # bytes of address space
SECONDS = 7  # of processor time
LARGEST_ANSWER = 30_000_000  # characters
OUT_OF_MEMORY = 3


def limit() -> None:
    """Take away memory, time, new files and core dumps beyond what reading needs."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # macOS refuses some of them; the time-out of the parent holds there too
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def answer(filename: str, data: bytes) -> dict[str, Any]:
    """What was read, or why it was refused, as data for JSON."""
    from surveys.interchange.findings import ImportRefused
    from surveys.interchange.reading import read_bytes

    try:
        found = read_bytes(data, filename)
    except ImportRefused as refused:
        params = {name: str(value) for name, value in refused.params.items()}
        return {"refused": refused.code, "params": params}
    except RecursionError:
        return {"refused": "too_deep", "params": {}}
    return {
        "kind": found.kind,
        "content": found.content,
        "codes": dict(found.codes),
        "findings": [
            [one.code, one.where, {k: str(v) for k, v in one.params.items()}]
            for one in found.findings
        ],
    }


def main() -> None:
    """File from standard input, its name the first argument; JSON to standard output."""
    limit()
    try:
        found = answer(sys.argv[1], sys.stdin.buffer.read())
        text = json.dumps(found, ensure_ascii=True, default=str)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    if len(text) > LARGEST_ANSWER:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.write(text)
