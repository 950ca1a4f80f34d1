"""Three ways in for whoever makes a survey for the first time: a working template each."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from surveys import browsing, needs
from surveys.browsing import Entry
from surveys.definition import Text
from surveys.forms import starting_with
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Door:
    """A template.

    Attributes
    ----------
    needs : tuple of str
        Codes of needs (`surveys.needs`); the first that the library answers is asked.
    """

    code: str
    name: Text
    about: Text
    title: Text
    mode: str
    needs: tuple[str, ...]


DOORS = (
    Door(
        "team",
        Text("My team", "我的团队"),
        Text(
            "Anonymous: does the team trust its leader, and will people stay?",
            "匿名：团队信任直属领导吗？成员会留下来吗？",
        ),
        Text("Trust in our team", "我们团队的信任"),
        Survey.Mode.ANONYMOUS,
        ("leader", "workplace"),
    ),
    Door(
        "customers",
        Text("My customers", "我的顾客"),
        Text(
            "One link for everybody: what makes customers trust the brand and come back?",
            "一个链接人人可答：顾客为什么信任品牌、愿意再来？",
        ),
        Text("Trust in our brand", "对我们品牌的信任"),
        Survey.Mode.OPEN,
        tuple(need.code for need in needs.NEEDS if need.asked == "customers"),
    ),
    Door(
        "study",
        Text("My study", "我的研究"),
        Text(
            "One link with control questions, data and codebook for your own analysis.",
            "一个链接，含控制题，数据与编码手册可供自行分析。",
        ),
        Text("A study of trust", "信任研究"),
        Survey.Mode.OPEN,
        tuple(need.code for need in needs.NEEDS if need.asked == "everybody"),
    ),
)


def filled_in(door: Door, shelf: Iterable[Entry]) -> str:
    """Query of the page of a new survey that opens this door."""
    shown = tuple(shelf)
    query: list[tuple[str, str]] = [
        ("door", door.code),
        ("title_en", door.title.en),
        ("title_zh_hans", door.title.zh_hans),
        ("mode", str(door.mode)),
    ]
    by_code = {need.code: need for need in needs.NEEDS}
    for code in door.needs:
        found = browsing.suggested(by_code[code], shown)
        if found:
            query += parse_qsl(starting_with(found[0]))
            break
    if door.code == "study":
        controls = [one for one in shown if one.version.kind == "controls"]
        query += [("controls", str(one.version.pk)) for one in controls[:1]]
    return urlencode(query)
