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
        "project_partner": Text("the project partner", "项目伙伴"),
        "supplier": Text("the supplier", "供应商"),
        "ai_service": Text("this AI service", "该 AI 服务"),
    }
)

PLACEHOLDER = re.compile(r"\{referent\}", re.IGNORECASE)


def fill(text: Text, referent: Text) -> Text:
    """`text` with the referent named in both languages."""
    return Text(_fill(text.en, referent.en), _fill(text.zh_hans, referent.zh_hans))


def _fill(wording: str, name: str) -> str:
    opening = name[:1].upper() + name[1:]
    return wording.replace("{Referent}", opening).replace("{referent}", name)
