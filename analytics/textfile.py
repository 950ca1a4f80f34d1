"""A small text file, in whatever encoding it comes, or the sentence why not."""

import codecs
from pathlib import Path
from typing import Final

from analytics.sentences import BadInput

MAX_BYTES: Final = 1_000_000


def text_of(path: Path) -> str:
    """Return the text of a file in UTF-8, GB 18030, or UTF-16 with its mark.

    Raises
    ------
    BadInput
        It is missing, a folder, not readable, or no text.
    """
    if not path.exists():
        raise BadInput("file_missing", path=str(path))
    if path.is_dir():
        raise BadInput("file_is_folder", path=str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
    except OSError as error:
        detail = error.strerror or str(error)
        raise BadInput("file_unreadable", path=str(path), detail=detail) from error
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in raw and not marked:
        raise BadInput("file_binary", path=str(path))
    tried = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    names = tuple(name.upper() for name in tried)
    raise BadInput("file_encoding", path=str(path), tried=names)
