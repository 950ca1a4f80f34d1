"""Names of languages in other people's files to those of this product."""

import re

_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_BRACKETS = re.compile(r"^(?P<name>[^()]*)\((?P<code>[^()]*)\)\s*$")
_ENGLISH = frozenset({"english", "en", "eng", "英文", "英语"})
_CHINESE = frozenset(
    {
        *("chinese", "simplified chinese", "chinese simplified", "mandarin"),
        *("zh", "zho", "chi", "cmn", "中文", "简体中文", "汉语", "简体", "普通话"),
    }
)
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo", "t"})


def language_of(name: str) -> str | None:
    """``en`` or ``zh-hans`` for a label such as "English (en)", "zh-CN", "简体中文".

    None for any other language; traditional Chinese is another one.
    """
    found = _BRACKETS.match(name.strip())
    if found is not None:
        return language_of(found["code"]) or _by_name(found["name"])
    return _by_name(name)


def _by_name(name: str) -> str | None:
    plain = " ".join(name.replace(",", " ").split()).lower()
    if plain in _ENGLISH:
        return "en"
    if plain in _CHINESE:
        return "zh-hans"
    if not _CODE.fullmatch(plain):
        return None
    first, *rest = re.split("[-_]", plain)
    if first in ("en", "eng"):
        return "en"
    if first in ("zh", "zho", "cmn") and not _TRADITIONAL & set(rest):
        return "zh-hans"
    return None


def script_of(text: str) -> str:
    """``zh-hans`` where a third of the letters are Chinese characters, else ``en``."""
    letters = [character for character in text if character.isalpha()]
    chinese = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    return "zh-hans" if letters and 3 * chinese >= len(letters) else "en"
