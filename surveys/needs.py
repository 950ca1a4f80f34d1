"""The questions that bring people here, and what to ask for each. Pure.

Whoever has a question about trust need not know the names of questionnaires: a need
leads to one or two of them, with whom the trust is in and what it is related to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from surveys.definition.questionnaire import Questionnaire
from surveys.definition.referents import REFERENT, slots_of
from surveys.definition.text import Text

Audience = Literal["team", "customers", "partners", "everybody"]
AUDIENCES: Mapping[Audience, Text] = MappingProxyType(
    {
        "team": Text("a team or its employees", "团队与员工"),
        "customers": Text("customers", "顾客"),
        "partners": Text("business partners", "合作伙伴"),
        "everybody": Text("anybody", "任何人"),
    }
)

# Shown where nothing says whom the trust is in.
EXAMPLE = "company"


@dataclass(frozen=True, slots=True)
class Ask:
    """A questionnaire to ask.

    Attributes
    ----------
    scales : tuple of str
        Codes of the scales; empty: all.
    form : str or None
        Named variant of the wording; None: the first, where there are any.
    """

    code: str
    short: bool = False
    scales: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to ask, about whom, and with which outcomes.

    Attributes
    ----------
    referent : str or None
        Code in `REFERENTS`; None where every scale asked names its own.
    outcomes : Ask or None
        Outcome pack to relate trust to.
    """

    asks: Ask
    referent: str | None = None
    outcomes: Ask | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A question in plain words, who is asked, and how to find the answer."""

    code: str
    asked: Audience
    question: Text
    advice: Text
    suggestions: tuple[Suggestion, ...]


_CUSTOMERS = Ask("OUT-C", short=True)
_EMPLOYEES = Ask("OUT-E", short=True)
_PARTNERS = Ask("OUT-P")

NEEDS: tuple[Need, ...] = (
    Need(
        "leader",
        "team",
        Text("Does my team trust its leader?", "团队信任直属领导吗？"),
        Text(
            "Tells ability, goodwill and integrity apart, and whether people are ready "
            "to rely on the leader.",
            "区分能力、善意与诚信，并看成员是否愿意依靠这位领导。",
        ),
        (Suggestion(Ask("ABI", short=True), "leader", _EMPLOYEES),),
    ),
    Need(
        "workplace",
        "team",
        Text(
            "Do people trust management, colleagues and leaders, and will they stay?",
            "员工信任管理层、同事和领导吗？会留下来吗？",
        ),
        Text(
            "The same statements about all three, so that you see where trust is lost.",
            "对三类对象问同样的内容，可以看出信任在哪里流失。",
        ),
        (Suggestion(Ask("EOT", short=True), None, _EMPLOYEES),),
    ),
    Need(
        "promises",
        "team",
        Text(
            "Did we keep what we promised our employees?",
            "我们对员工的承诺兑现了吗？",
        ),
        Text(
            "The full form asks four statements each about promises kept and about fair "
            "exchange.",
            "完整版就承诺兑现与公平互惠各问四题。",
        ),
        (Suggestion(Ask("EOT"), None, _EMPLOYEES),),
    ),
    Need(
        "habits",
        "team",
        Text(
            "Which habits in our team go together with trust?",
            "团队里哪些做法与信任有关？",
        ),
        Text(
            "Ask what people do, then how ready they are to rely on each other; the "
            "report shows which habits go with it. That is no proof of a cause.",
            "先问日常做法，再问彼此依靠的意愿；报告会显示哪些做法与之相关，但不证明因果。",
        ),
        (
            Suggestion(
                Ask("TAP", scales=("CF", "IS", "CH", "SS", "SG", "IC"), form="other"),
                "colleagues",
                _EMPLOYEES,
            ),
            Suggestion(Ask("ABI", short=True), "colleagues", _EMPLOYEES),
        ),
    ),
    Need(
        "training",
        "team",
        Text(
            "Did the training change how we talk with each other?",
            "培训改变了我们的沟通方式吗？",
        ),
        Text(
            "Ask before and after, as two waves of one survey: people about themselves, "
            "and others about them.",
            "培训前后各测一批，放在同一调查中：既让学员自评，也让同事他评。",
        ),
        (
            Suggestion(
                Ask("TAP", scales=("LI", "FB", "EX", "NV", "EH"), form="self"),
                "colleagues",
            ),
            Suggestion(
                Ask("TAP", scales=("LI", "FB", "EX", "NV", "EH"), form="other"),
                "colleagues",
            ),
        ),
    ),
    Need(
        "brand",
        "customers",
        Text(
            "Do customers trust our brand, and does it bring them back?",
            "顾客信任我们的品牌吗？信任会带来回头客吗？",
        ),
        Text(
            "Five elements of trust beside loyalty, repurchase and recommendation.",
            "信任的五个要素，配合忠诚度、再次选择与推荐意愿。",
        ),
        (Suggestion(Ask("TBE"), "brand", _CUSTOMERS),),
    ),
    Need(
        "stages",
        "customers",
        Text(
            "At which stage do we win or lose a customer's trust?",
            "我们在哪个阶段赢得或失去顾客的信任？",
        ),
        Text(
            "Four stages from first contact to feedback; the full form has them, the "
            "short form asks the three drivers alone.",
            "从初步接触到反馈共四个阶段；完整版包含各阶段，简版只问三项驱动因素。",
        ),
        (
            Suggestion(Ask("TBF"), "company", _CUSTOMERS),
            Suggestion(Ask("TBF", short=True), "company", _CUSTOMERS),
        ),
    ),
    Need(
        "salesperson",
        "customers",
        Text(
            "Do customers trust the person who sells to them?",
            "顾客信任为他们服务的销售人员吗？",
        ),
        Text(
            "Professional conduct, expertise, relationship and benefit, each on its own.",
            "职业操守、专业能力、关系互动与利益，各自单独计分。",
        ),
        (Suggestion(Ask("RTS", short=True), "salesperson", _CUSTOMERS),),
    ),
    Need(
        "cars",
        "customers",
        Text(
            "Do drivers trust our cars and our service?",
            "车主信任我们的车和服务吗？",
        ),
        Text(
            "For owners, and for people after a test drive.",
            "适用于车主，也适用于试驾后的顾客。",
        ),
        (
            Suggestion(Ask("ABT", form="owner"), "brand", _CUSTOMERS),
            Suggestion(
                Ask("ABT", form="prospect"),
                "brand",
                Ask("OUT-C", scales=("TRY", "WOM")),
            ),
        ),
    ),
    Need(
        "products",
        "customers",
        Text(
            "Are our products trusted, also when something goes wrong?",
            "顾客信任我们的产品吗？出了问题也一样吗？",
        ),
        Text(
            "Quality, service, experience, openness and the brand's intentions, for "
            "products of any kind.",
            "质量、售后、体验、沟通与品牌善意，适用于各类产品。",
        ),
        (Suggestion(Ask("ABT", form="generic"), "brand", _CUSTOMERS),),
    ),
    Need(
        "ai",
        "customers",
        Text("Do people trust our AI service?", "用户信任我们的 AI 服务吗？"),
        Text(
            "Performance, an understandable process and whose interest it serves, with "
            "the use of data beside it.",
            "性能、过程是否易懂、为谁的利益服务，同时询问数据的使用。",
        ),
        (Suggestion(Ask("DAT", scales=("AI", "DP")), "company", _CUSTOMERS),),
    ),
    Need(
        "online",
        "customers",
        Text(
            "Do customers trust us online, with their data and our promises?",
            "顾客信任我们的线上表现、数据使用与社会承诺吗？",
        ),
        Text(
            "Six short modules, from social media to social responsibility; each may "
            "also be asked alone.",
            "六个简短模块，从社交媒体到社会责任；每个模块也可以单独使用。",
        ),
        (Suggestion(Ask("DAT", short=True), "company", _CUSTOMERS),),
    ),
    Need(
        "partners",
        "partners",
        Text(
            "Do partners trust us, and we them?", "合作伙伴信任我们吗？我们信任他们吗？"
        ),
        Text(
            "Ask both sides, each in a survey of its own: your suppliers about your "
            "company, your buyers about the supplier.",
            "双方各做一个调查：让供应商评价贵企业，让采购方评价供应商。",
        ),
        (
            Suggestion(Ask("PPT", form="supply"), "company", _PARTNERS),
            Suggestion(Ask("PPT", form="supply"), "supplier", _PARTNERS),
        ),
    ),
    Need(
        "project",
        "partners",
        Text(
            "Is there enough trust to carry a joint project?",
            "信任足以支撑一个共同项目吗？",
        ),
        Text(
            "Competence, goodwill, keeping to agreements and sharing of risk.",
            "能力、善意、守约与风险共担。",
        ),
        (Suggestion(Ask("PPT", form="project"), "project_partner", _PARTNERS),),
    ),
    Need(
        "crisis",
        "everybody",
        Text("How did we come out of the crisis?", "我们是如何走出信任危机的？"),
        Text(
            "What happened, how severe it was, what was done about it and how far trust "
            "is restored.",
            "发生了什么、有多严重、做了哪些补救，信任恢复到什么程度。",
        ),
        (
            Suggestion(Ask("TCR"), "company", _CUSTOMERS),
            Suggestion(Ask("TCR"), "employer", _EMPLOYEES),
        ),
    ),
    Need(
        "rely",
        "everybody",
        Text(
            "What makes somebody worth relying on?",
            "是什么让人愿意依靠对方？",
        ),
        Text(
            "Keeps being trustworthy and being trusted apart. Fits any referent.",
            "把“值得信任”与“愿意信任”分开测量，适用于任何信任对象。",
        ),
        (Suggestion(Ask("ABI"), "company"),),
    ),
    Need(
        "explain",
        "everybody",
        Text(
            "What else may explain the answers?",
            "还有什么可能影响作答？",
        ),
        Text(
            "How ready people are to trust at all, how long they have known you, and "
            "whether they read the questions. Added to another questionnaire.",
            "一般信任倾向、相处时长，以及是否认真作答。可附加在其他问卷之后。",
        ),
        (Suggestion(Ask("CTL")),),
    ),
)


def reaching(code: str) -> tuple[tuple[Need, Suggestion], ...]:
    """Needs that lead to the questionnaire `code`, also as an outcome pack."""
    return tuple(
        (need, suggestion)
        for need in NEEDS
        for suggestion in need.suggestions
        if code in _codes(suggestion)
    )


def audiences(code: str) -> frozenset[Audience]:
    """Who is asked the questionnaire `code`; empty where nobody has said it."""
    return frozenset(need.asked for need, _ in reaching(code))


def referents(asks: Questionnaire) -> frozenset[str]:
    """Codes in `REFERENTS` of whom `asks` is suggested for, or names itself."""
    own = {scale.referent for scale in asks.scales}
    own |= {suggested.referent for _, suggested in reaching(asks.code)}
    return frozenset(code for code in own if code is not None)


def example_referent(asks: Questionnaire) -> str:
    """Referent to show the items of `asks` about."""
    for _, suggested in reaching(asks.code):
        if suggested.asks.code == asks.code and suggested.referent is not None:
            return suggested.referent
    return EXAMPLE


def has_slot(asks: Questionnaire) -> bool:
    """Whether an item names the survey's referent rather than one of its scale."""
    return any(
        REFERENT in slots_of(wording)
        for scale in asks.scales
        if scale.referent is None
        for item in scale.items
        for text in (item.text, *(one.text for one in item.texts))
        for wording in (text.en, text.zh_hans)
    )


def _codes(suggestion: Suggestion) -> set[str]:
    asked = (suggestion.asks, suggestion.outcomes)
    return {ask.code for ask in asked if ask is not None}
