"""What a browser executes to answer, as one digest that anybody can compute again.

Three scripts: the page's own, the one that blinds, and the one that works offline. The
digest stands in the manifest of a wave and so behind its fingerprint. From files that a
browser has loaded, in this order (standard library only):

    python -m surveys.bundle respondent.js blinding.js offline.js

or without this program:

    for f in respondent.js blinding.js offline.js; do
        sha256sum < $f | cut -c 1-64
    done | sha256sum
"""

import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

SCRIPTS = ("respondent.js", "blinding.js", "offline.js")
BUILT = Path(__file__).resolve().parent.parent / "static" / "built"


class NotBuilt(Exception):
    """The front end is missing, so that nobody could answer."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is missing: run `make install`, which builds the front end, and"
            " try again."
        )


def client_digest(folder: Path = BUILT) -> str:
    """Return the digest of the scripts of this installation.

    Raises
    ------
    NotBuilt
    """
    return digest_of(folder / name for name in SCRIPTS)


def digest_of(files: Iterable[Path]) -> str:
    """Return the sha256, in hex, of the sha256 of each file on a line of its own."""
    lines = ""
    for path in files:
        if not path.is_file():
            raise NotBuilt(path)
        lines += sha256(path.read_bytes()).hexdigest() + "\n"
    return sha256(lines.encode()).hexdigest()


def main(arguments: list[str]) -> str:
    """Return the digest of the files named, or of this installation where none are."""
    if not arguments:
        return client_digest()
    if len(arguments) != len(SCRIPTS):
        return f"Name {len(SCRIPTS)} files in this order: {' '.join(SCRIPTS)}."
    return digest_of(map(Path, arguments))


if __name__ == "__main__":
    print(main(sys.argv[1:]))
