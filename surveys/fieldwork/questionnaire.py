"""A questionnaire on paper: what respondents read and may answer, in the order asked.

The words are those of the respondent's page (`surveys.collect.page`): promise, questions,
points, conditions. What a page does and paper cannot, a random order or a rotation, is
said in words. Typst lays it out; everything that somebody typed goes in as data.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import noto_cjk_sans_jp_bold
import pylopdf_fonts_zh_cn
import typst
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.collect import page
from surveys.definition import Form, FormInstrument, Text
from surveys.fieldwork.printing import TEMPLATES
from surveys.models import Promise, Survey, Wave
from surveys.promise import Thresholds, promise_text

FONTS: Final = (
    Path(pylopdf_fonts_zh_cn.__file__).parent,
    Path(noto_cjk_sans_jp_bold.__file__).parent,
)
# Typst's names of languages and regions, which decide line breaks and forms of characters
TYPST: Final = {"en": ("en", "gb"), "zh-hans": ("zh", "cn")}
NO_GLYPH: Final = "could not be displayed"  # in Typst's refusal
NO_WAVE: Final = UUID(int=0)
# halves of a pair, and signs that no paper shows
_BROKEN: Final = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")

WORDS: Final[Mapping[str, Text]] = {
    "paper": Text("Questionnaire", "问卷"),
    "simulated": Text(
        "Simulated study: the answers in its report are invented.",
        "模拟研究：其报告中的作答是虚构的。",
    ),
    "together": Text("How it is put together", "问卷的构成"),
    "together_note": Text(
        "For those who evaluate; respondents do not see this part.",
        "供分析者参考；受访者看不到这一部分。",
    ),
    "scales": Text("Scales", "量表"),
    "scale": Text("Scale", "量表"),
    "code": Text("Code", "代码"),
    "numbers": Text("Questions", "题号"),
    "order": Text("Order", "顺序"),
    "shuffled": Text("random for every respondent", "对每位受访者随机排列"),
    "fixed": Text("as printed", "与本卷相同"),
    "instruments": Text("Sources", "来源"),
    "name": Text("Questionnaire", "问卷"),
    "version": Text("Version", "版本"),
    "wording": Text("Wording", "措辞"),
    "licence": Text("Licence", "许可"),
    "own": Text("our own, evidence level {level}", "自拟，证据等级 {level}"),
    "published": Text("of the published scale", "已发表量表的原有措辞"),
    "modified": Text(
        "changed from the published scale; published figures do not apply",
        "在已发表量表的基础上修改，已发表的数据不适用",
    ),
    "blocks": Text(
        "The parts about {names} come in a random order for every respondent.",
        "关于{names}的各部分对每位受访者随机排列。",
    ),
    "rotation": Text("Questions that take turns", "轮换的题目"),
    "drawn": Text(
        "Every respondent draws one of {turns} turns; each leaves out the questions "
        "named below.",
        "每位受访者从 {turns} 个轮换组中抽取一个；各组不问下列题目。",
    ),
    "turns": Text(
        "The waves take {turns} turns. This paper is turn {turn}; each turn leaves out "
        "the questions named below.",
        "各轮调查依次使用 {turns} 个轮换组，本卷为第 {turn} 组；各组不问下列题目。",
    ),
    "turn": Text("Turn", "轮换组"),
    "left_out": Text("Leaves out", "不问的题目"),
    "characters": Text("up to {most} characters", "最多 {most} 个字符"),
    "minutes": Text("about {minutes} min", "约 {minutes} 分钟"),
    "questions": Text("{count} questions", "{count} 题"),
    "comment": Text("Comment", "评论"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A form with what stands around it.

    Attributes
    ----------
    promise : Text or None
        What respondents read before the questions; None for a questionnaire of the
        library, which no survey asks yet.
    notice : mapping
        What is told about data, by language and slot (`Wave.notice`).
    """

    form: Form
    organization: str = ""
    promise: Text | None = None
    simulated: bool = False
    paradata: bool = False
    notice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def of_survey(survey: Survey, form: Form, wave: Wave | None = None) -> Asked:
    """Return a form as the respondents of a wave meet it, or those of the next one."""
    frozen = Promise.objects.filter(wave=wave).first() if wave is not None else None
    if frozen is not None:
        promise = Text(frozen.text_en, frozen.text_zh_hans)
    else:
        promise = promise_text(
            survey.mode, Thresholds(), links_waves=survey.links_waves
        )
    terms = survey if wave is None else wave
    return Asked(
        form,
        organization=survey.organization.name,
        promise=promise,
        simulated=survey.simulated,
        paradata=terms.paradata,
        notice=terms.notice,
    )


def questionnaire_pdf(asked: Asked, languages: Sequence[str]) -> bytes:
    """Lay a questionnaire out on A4, one language after the other.

    PDF/UA-1 where every character has a glyph; else without the claim, with a box.
    """
    parts = [_part(asked, language) for language in languages]
    title = asked.form.title.in_(languages[0])
    data = json.dumps(_cleaned({"title": title, "parts": parts}), ensure_ascii=False)
    try:
        return _compiled(data, "ua-1")
    except typst.TypstError as refusal:
        if NO_GLYPH not in str(refusal):
            raise
        return _compiled(data, None)


def _compiled(data: str, standard: Literal["ua-1"] | None) -> bytes:
    pdf = typst.compile(
        TEMPLATES / "questionnaire.typ",
        root=TEMPLATES,
        font_paths=[*FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[standard] if standard else [],
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"Typst made {type(pdf)} of questionnaire.typ, not one file.")
    return pdf


def _cleaned(value: Any) -> Any:
    """Return JSON values with a mark for every character that cannot be printed."""
    if isinstance(value, str):
        return _BROKEN.sub("\ufffd", value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return value


def _part(asked: Asked, language: str) -> dict[str, Any]:
    with translation.override(language):
        shown = page.form_context(
            asked.form,
            wave_id=NO_WAVE,
            language=language,
            simulated=asked.simulated,
            answers={},
            errors={},
        )
        lang, region = TYPST[language]
        return {
            "lang": lang,
            "region": region,
            "title": shown["title"],
            "organization": asked.organization,
            "facts": [
                _word("questions", language, count=shown["item_count"]),
                _word("minutes", language, minutes=shown["minutes"]),
            ],
            "intro": list(_intro(asked, language)),
            "notice": _notice(asked, language),
            "blocks": [_block(block, language) for block in shown["blocks"]],
            "comment": _comment() if asked.form.comment else None,
            "words": {key: text.in_(language) for key, text in WORDS.items()},
            "scales": list(_scales(asked.form, shown, language)),
            "instruments": [_instrument(i, language) for i in asked.form.instruments],
            "notes": list(_notes(asked.form, language)),
            "turns": list(_turns(asked.form, language)),
        }


def _word(key: str, language: str, **gaps: object) -> str:
    return WORDS[key].in_(language).format(**gaps)


def _intro(asked: Asked, language: str) -> Iterator[str]:
    if asked.simulated:
        yield WORDS["simulated"].in_(language)
    if asked.promise is not None:
        yield asked.promise.in_(language)
    if asked.paradata:
        yield _(
            "We also store, in coarse steps, how long answering took (under 2, 2 to 5, "
            "5 to 10, or 10 minutes and more) and whether it was a phone or a computer. "
            "No time of day is stored."
        )
    yield _("Taking part is voluntary. You may skip any question.")


def _notice(asked: Asked, language: str) -> list[dict[str, str]]:
    told = page.told(asked.notice, language, study=None)["notice"]
    return [{"heading": one.heading, "text": one.text} for one in told]


def _comment() -> dict[str, str]:
    return {
        "text": _("Anything you would like to add?"),
        "hint": _(
            "Optional. Please name no people, and write nothing that tells who you are. "
            "Comments are stored apart from the answers."
        ),
    }


def _block(block: page.PageBlock, language: str) -> dict[str, Any]:
    about = _("About %(name)s") % {"name": block.about} if block.about else ""
    return {"about": about, "items": [_item(one, language) for one in block.items]}


def _item(one: page.PageItem, language: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "code": one.code,
        "text": one.text,
        "only_if": list(one.only_if),
        "widget": one.widget,
        "labelled": one.labelled,
        "points": [{"value": p.value, "label": p.label} for p in one.points],
        "aside": _("Not applicable") if one.not_applicable else "",
        "hint": _hint(one, language),
        "unit": one.unit,
    }


def _hint(one: page.PageItem, language: str) -> str:
    low, high = one.limits
    if one.widget == "number":
        ends = {"low": low, "high": high}
        return _("A whole number from %(low)s to %(high)s") % ends
    if one.widget == "text":
        most = _word("characters", language, most=high)
        return f"{_('Optional. Please name no people, and write nothing that tells who you are.')} ({most})"
    return ""


def _scales(form: Form, shown: Mapping[str, Any], language: str) -> Iterator[list[str]]:
    """Yield name, code, numbers of the questions and their order for each scale."""
    items = {one.code: one for block in shown["blocks"] for one in block.items}
    for scale in form.scales:
        own = [
            items[one.code]
            for one in form.questions
            if one.scale == scale.code and one.code in items
        ]
        moves = sum(1 for one in own if one.shuffled) > 1
        yield [
            scale.name.in_(language),
            scale.code,
            ", ".join(str(one.number) for one in own) or "–",
            WORDS["shuffled" if moves else "fixed"].in_(language),
        ]


def _instrument(one: FormInstrument, language: str) -> list[str]:
    if one.modified:
        wording = _word("modified", language)
    elif one.catalogue:
        wording = _word("published", language)
    else:
        wording = _word("own", language, level=one.evidence_level)
    name = f"{one.name.in_(language)} ({one.code})"
    return [name, str(one.version), wording, one.licence]


def _notes(form: Form, language: str) -> Iterator[str]:
    if form.others:
        names = [one.in_(language) for one in (form.referent, *form.others)]
        between = "、" if language == "zh-hans" else ", "
        yield _word("blocks", language, names=between.join(names))
    if form.rotation:
        key = "drawn" if form.drawn else "turns"
        turns = len(form.rotation)
        yield _word(key, language, turns=turns, turn=form.turn + 1)


def _turns(form: Form, language: str) -> Iterator[dict[str, Any]]:
    """Yield what each turn of a rotation leaves out, in the words of the questions."""
    words = {item.code: item.text.in_(language) for item in form.items}
    for number, turn in enumerate(form.rotation, start=1):
        left = [{"code": code, "text": words[code]} for code in turn.away]
        yield {"number": number, "left": left}
