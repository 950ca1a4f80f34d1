"""What can be wrong with a record of the catalogue, in both languages."""

from collections.abc import Mapping
from typing import ClassVar, NoReturn

from surveys.definition.errors import SENTENCES, DefinitionError
from surveys.definition.reader import Reader
from surveys.definition.text import Text

_OWN: Mapping[str, Text] = {
    "bad_id": Text(
        "'{value}' is no valid id; use small letters, digits and single hyphens, "
        "at most 40 characters, and name the file after it.",
        "“{value}”不是有效的编号；请只用小写字母、数字和单个连字符，最多 40 个字符，并以它命名文件。",
    ),
    "bad_doi": Text(
        "'{value}' is no DOI; write it as 10.NNNN/suffix without an address before it.",
        "“{value}”不是 DOI；请写成 10.NNNN/后缀，前面不加网址。",
    ),
    "bad_count": Text(
        "'{value}' is no count with its mark; write a whole number and S (read in a "
        "source) or M (from memory), such as '7 S'.",
        "“{value}”不是带标记的数目；请写整数和 S（在来源中读到）或 M（凭记忆），例如“7 S”。",
    ),
    "bad_item_code": Text(
        "'{value}' is no code of an item; use letters, digits, '_', '.' and '-', "
        "at most 24 characters.",
        "“{value}”不是题目代码；请只用字母、数字、“_”“.”和“-”，最多 24 个字符。",
    ),
    "bad_figure": Text(
        "'{value}' is no figure; write one number, or the lower and the upper one as a list.",
        "“{value}”不是数值；请写一个数，或用列表写出下限和上限。",
    ),
    "bad_pair": Text(
        "'{value}' is no mean with its standard deviation; write both numbers as a list.",
        "“{value}”不是均值和标准差；请用列表写出这两个数。",
    ),
    "bad_date": Text(
        "'{value}' is no date; write it as YYYY-MM-DD.",
        "“{value}”不是日期；请写成 YYYY-MM-DD。",
    ),
    "counts_differ": Text(
        "{found} items are listed and the count says {total}; correct one.",
        "列出 {found} 道题，而题数写为 {total}；请更正其一。",
    ),
    "more_reverse": Text(
        "{reverse} reverse items of {items}; correct one.",
        "{items} 道题中有 {reverse} 道反向题；请更正其一。",
    ),
    "unknown_dimension": Text(
        "'{value}' is no dimension of this record; use one of {allowed}.",
        "“{value}”不是本记录的维度；请使用以下之一：{allowed}。",
    ),
    "nothing_published": Text(
        "The entry holds neither a figure nor a finding; add one or remove the entry.",
        "此条目既无数值也无发现；请补充，或删除该条目。",
    ),
}


class CatalogueError(DefinitionError):
    """A record breaks a rule of the catalogue; one sentence in either language."""

    sentences: ClassVar[Mapping[str, Text]] = {**SENTENCES, **_OWN}


def refuse(reader: Reader, code: str, at: str = "", /, **params: object) -> NoReturn:
    """Raise the catalogue's error `code` at the key `at` of `reader`."""
    raise CatalogueError(
        code, where=reader.place(at), source=reader.source, params=params
    )
