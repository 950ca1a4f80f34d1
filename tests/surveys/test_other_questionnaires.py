"""Rules of single questionnaires: named forms, branching, outcomes, controls."""

import re
from typing import Any

import pytest

from surveys.definition import (
    LANGUAGES,
    NOT_SHOWN,
    Condition,
    Form,
    FormPart,
    Lineage,
    Scale,
    Text,
    compile_form,
    decode_answers,
    load_library,
)

VERSIONS = {(asked.code, asked.version): asked for asked in load_library()}
ABT, CTL, PPT, TAP, TBE, TCR = (
    VERSIONS[code, 1] for code in ("ABT", "CTL", "PPT", "TAP", "TBE", "TCR")
)
OUT_C, OUT_E, OUT_P = (
    VERSIONS[key] for key in (("OUT-C", 2), ("OUT-E", 1), ("OUT-P", 1))
)


def lengths(scales: tuple[Scale, ...]) -> dict[str, int]:
    return {scale.code: len(scale.items) for scale in scales}


def form_of(asked: Any, **how: Any) -> Form:
    return compile_form(
        [FormPart(asked, **{"short": False} | how)],
        title=Text("Study", "调查"),
        referent="supplier",
        languages=LANGUAGES,
        comment=False,
    )


def texts(form: Form, language: str) -> str:
    return " ".join(item.text.in_(language) for item in form.items)


def test_each_trust_element_has_four_items_and_one_of_them_reversed() -> None:
    assert lengths(TBE.scales) == dict.fromkeys("TCAHE", 4)
    for scale in TBE.scales:
        assert sum(item.reverse for item in scale.items) == 1


def test_practices_have_three_items_each_and_are_asked_alone() -> None:
    codes = ("CF", "IS", "CH", "SS", "SG", "IC", "LI", "FB", "EX", "NV", "EH")
    assert lengths(TAP.scales) == dict.fromkeys(codes, 3)
    assert TAP.modules
    assert "no trust score" in TAP.description.en
    assert "不可合并为信任得分" in TAP.description.zh_hans


def test_only_the_frequency_of_contact_is_answered_by_frequency() -> None:
    points = {scale.code: scale.format.points for scale in TAP.scales}
    assert points.pop("CF") == 5
    assert set(points.values()) == {7}


def test_practices_are_told_of_the_other_and_of_oneself() -> None:
    assert [form.code for form in TAP.forms] == ["other", "self"]
    myself = re.compile(r"\b(I|my|me)\b", re.IGNORECASE)
    for item in TAP.items:
        told = item.text_in("self")
        assert told not in (item.text, item.text_in("other"))
        assert myself.search(told.en), item.code
        assert "我" in told.zh_hans, item.code


def test_a_car_brand_is_judged_by_owners_prospects_and_customers() -> None:
    names = ("QS", "AS", "UX", "OC", "BI")
    assert lengths(ABT.scales) == dict.fromkeys(names, 4) | {"OB": 3}
    assert [form.code for form in ABT.forms] == ["owner", "prospect", "generic"]
    assert form_of(ABT).items == form_of(ABT, form="owner").items


def test_a_prospect_is_asked_what_a_test_drive_can_tell() -> None:
    form = form_of(ABT, form="prospect")
    found = {scale.code: len(scale.items) for scale in form.scales}
    assert found == {"ABT.QS": 3, "ABT.UX": 3, "ABT.OC": 4, "ABT.BI": 4, "ABT.OB": 3}
    experience = [item for item in form.items if item.scale == "ABT.UX"]
    assert all("test drive" in item.text.en for item in experience)
    assert all("试驾" in item.text.zh_hans for item in experience)


def test_the_form_for_any_brand_speaks_of_no_cars() -> None:
    form = form_of(ABT, form="generic")
    assert not re.search(r"\b(vehicle|repair|owner|cars?\b)", texts(form, "en"))
    assert not re.search("[车驾修]", texts(form, "zh-hans"))
    assert "vehicle" in texts(form_of(ABT), "en")
    assert "汽车" in texts(form_of(ABT), "zh-hans")


def test_a_breach_is_asked_about_only_where_there_was_one() -> None:
    first, *later = TCR.scales
    assert lengths(TCR.scales) == dict.fromkeys((s.code for s in TCR.scales), 3)
    assert [item.show_if for item in first.items] == [
        None,
        Condition("EV1", (1,)),
        Condition("EV1", (1,)),
    ]
    assert {scale.show_if for scale in later} == {Condition("EV1", (1,))}
    form = form_of(TCR)
    happened, *rest = decode_answers(form, {"TCR.EV1": "2", "TCR.SV1": "7"})
    assert happened == 2
    assert set(rest) == {NOT_SHOWN}
    assert NOT_SHOWN not in decode_answers(form, {"TCR.EV1": "1"})


def test_breaches_are_of_four_kinds_or_another() -> None:
    _, kind, time = TCR.scales[0].items
    assert kind.format is not None
    assert [option.zh_hans for option in kind.format.options] == [
        "承诺未兑现",
        "能力失误",
        "不诚实",
        "信息不透明",
        "其他",
    ]
    assert time.format is not None
    assert len(time.format.options) == 5


def test_partners_are_asked_in_the_words_of_chain_or_project() -> None:
    assert lengths(PPT.scales) == dict.fromkeys(("CO", "GW", "CI", "IR", "RC"), 4)
    assert [form.code for form in PPT.forms] == ["supply", "project"]
    supply, project = (form_of(PPT, form=form) for form in ("supply", "project"))
    assert "supply chain" in texts(supply, "en")
    assert "项目" not in texts(supply, "zh-hans")
    assert "our project" in texts(project, "en")
    assert not re.search("供应链|货物", texts(project, "zh-hans"))


def test_the_full_customer_pack_asks_the_nine_items_before_unchanged() -> None:
    before = VERSIONS["OUT-C", 1]
    assert OUT_C.lineage == Lineage("OUT-C", 1)
    first, short = form_of(before), form_of(OUT_C, short=True)
    assert short.items == first.items
    assert short.scales == first.scales


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            OUT_C,
            {
                "SAT": 3,
                "LOY": 4,
                "REP": 3,
                "TRY": 3,
                "WOM": 3,
                "RES": 3,
                "WTP": 2,
                "REC": 1,
            },
        ),
        (OUT_E, {"JOB": 3, "ATT": 4, "STY": 3, "MOR": 3, "COP": 4, "EFF": 3, "REC": 1}),
        (OUT_P, {"CON": 3, "COO": 3, "TCR": 3, "JNT": 3}),
    ],
    ids=["OUT-C", "OUT-E", "OUT-P"],
)
def test_outcome_packs_are_as_long_as_planned(
    asked: Any, expected: dict[str, int]
) -> None:
    assert lengths(asked.scales) == expected
    assert asked.modules


def test_short_packs_keep_three_items_for_what_trust_is_correlated_with() -> None:
    kept = [
        {scale.code: len(scale.items) for scale in form_of(asked, short=True).scales}
        for asked in (OUT_C, OUT_E)
    ]
    assert kept == [
        {"OUT-C.SAT": 2, "OUT-C.LOY": 3, "OUT-C.REP": 3, "OUT-C.REC": 1},
        {"OUT-E.JOB": 2, "OUT-E.ATT": 3, "OUT-E.STY": 3, "OUT-E.REC": 1},
    ]


@pytest.mark.parametrize("asked", [OUT_C, OUT_E], ids=["OUT-C", "OUT-E"])
def test_the_recommendation_stands_beside_the_scales(asked: Any) -> None:
    recommend = asked.scales[-1]
    assert (recommend.code, len(recommend.items)) == ("REC", 1)
    asked_by = recommend.format
    assert (asked_by.low, asked_by.high, len(asked_by.labels)) == (0, 10, 2)


def test_controls_are_short_and_asked_alone() -> None:
    assert CTL.modules
    assert lengths(CTL.scales) == {
        "PRO": 4,
        "REL": 1,
        "FRQ": 1,
        "ROL": 1,
        "ALT": 1,
        "ICH": 2,
    }
    kinds = {scale.code: scale.format.kind for scale in CTL.scales}
    chosen = {code for code, kind in kinds.items() if kind == "choice"}
    assert chosen == {"REL", "FRQ", "ROL"}


def test_a_check_of_attention_quotes_the_point_it_asks_for() -> None:
    check = CTL.scales[-1]
    asked = [item.expect for item in check.items if item.expect]
    middle = (check.format.low + check.format.high) / 2
    # from both sides, so that a row of equal answers is caught
    assert min(asked) < middle < max(asked)
    for item in check.items:
        assert item.expect is not None
        label = check.format.labels[item.expect - check.format.low]
        for language in LANGUAGES:
            assert f"“{label.in_(language)}”" in item.text.in_(language)
