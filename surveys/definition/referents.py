"""Whom the trust is in: the fixed list, worded to fit into every item.

An item names the referent as ``{referent}`` (``{Referent}`` where it opens an English
sentence). Every English wording here is one singular noun phrase and items use no
pronoun for it, so that "keeps", "explains" and "is" agree with all of them; a text of
the owner's own (the name of a brand, say) has to be singular likewise.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from surveys.definition.text import Text

REFERENTS: Mapping[str, Text] = MappingProxyType(
    {
        "company": Text("this company", "该企业"),
        "brand": Text("this brand", "该品牌"),
        "salesperson": Text("this salesperson", "该销售人员"),
        "leader": Text("my team leader", "直属领导"),
        "colleagues": Text("my group of colleagues", "同事"),
        "management": Text("the management", "管理层"),
        "employer": Text("my employer", "我的单位"),
        "project_partner": Text("the project partner", "项目伙伴"),
        "supplier": Text("the supplier", "供应商"),
        "ai_service": Text("this AI service", "该 AI 服务"),
    }
)

REFERENT = "referent"
_SLOT = re.compile(r"\{([A-Za-z][a-z0-9_]*)\}")
_NO_WORDS: Mapping[str, Text] = MappingProxyType({})


def slots_of(wording: str) -> frozenset[str]:
    """Names in braces, in small letters; ``{Product}`` opens an English sentence."""
    return frozenset(name.lower() for name in _SLOT.findall(wording))


def fill(text: Text, referent: Text, words: Mapping[str, Text] = _NO_WORDS) -> Text:
    """`text` with the referent, and the words of a named form, in every language."""
    known = {**words, REFERENT: referent}
    return Text(
        _fill(text.en, {slot: word.in_("en") for slot, word in known.items()}),
        _fill(
            text.zh_hans, {slot: word.in_("zh-hans") for slot, word in known.items()}
        ),
    )


def _fill(wording: str, words: Mapping[str, str]) -> str:
    """Put every word in its place at once, so that braces in a word stay a word's."""

    def word(found: re.Match[str]) -> str:
        name = found[1]
        filled = words.get(name.lower())
        if filled is None:
            return found[0]
        return filled[:1].upper() + filled[1:] if name[0].isupper() else filled

    return _SLOT.sub(word, wording)
