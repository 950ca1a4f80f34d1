"""The respondent's page draws every kind of question."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from surveys.collect import page
from surveys.collect.page import PageItem
from surveys.definition import Condition, Form
from tests.factories import every_kind_form
from tests.surveys.test_collect_page import Controls, render

WAVE = UUID("7b0c8c0e-0f7e-4a4e-9a53-0a8c3a1d9d11")


def context_of(form: Form, language: str = "en", **sent: str) -> dict[str, Any]:
    with translation.override(language):
        return page.form_context(
            form,
            wave_id=WAVE,
            language=language,
            simulated=False,
            answers={code.replace("_", "."): value for code, value in sent.items()},
            errors={},
        )


def items_of(form: Form, language: str = "en", **sent: str) -> dict[str, PageItem]:
    blocks = context_of(form, language, **sent)["blocks"]
    return {item.code: item for block in blocks for item in block.items}


def test_every_question_has_the_control_of_its_kind() -> None:
    found = items_of(every_kind_form())
    assert {code: item.widget for code, item in found.items()} == {
        "ALL.T1": "rating",
        "ALL.T2": "rating",
        "ALL.T3": "rating",
        "ALL.T4": "rating",
        "ALL.B1": "radios",
        "ALL.B2": "text",
        "ALL.B3": "number",
        "ALL.B4": "list",
        "ALL.B5": "rating",
        "ALL.P1": "rating",
        "ALL.P2": "rating",
    }
    assert [item.number for item in found.values()] == list(range(1, 12))


def test_an_instructed_item_looks_like_any_other() -> None:
    form = every_kind_form()
    plain = replace(
        form, items=tuple(replace(item, expect=None) for item in form.items)
    )
    assert context_of(form)["blocks"] == context_of(plain)["blocks"]


def test_conditions_are_told_to_the_browser_and_to_the_reader() -> None:
    found = items_of(every_kind_form())["ALL.P1"]
    assert found.conditions == '[["ALL.B1",[1]]]'
    assert found.only_if == ("Only if you answered “yes” to question 5.",)
    form = every_kind_form()
    both = (Condition("ALL.T1", (4, 5)), Condition("ALL.B1", (1,)))
    items = tuple(
        replace(item, show_if=both) if item.code == "ALL.P1" else item
        for item in form.items
    )
    told = items_of(replace(form, items=items))["ALL.P1"]
    assert told.only_if == (
        "Only if you answered “4 agree” / “5 strongly agree” to question 1.",
        "Only if you answered “yes” to question 5.",
    )


def test_what_depends_on_each_other_keeps_its_place() -> None:
    found = items_of(every_kind_form())
    moving = {code: item.shuffled for code, item in found.items() if item.shuffled}
    assert moving == {
        **{f"ALL.T{place}": "ALL.T" for place in range(1, 5)},
        **{f"ALL.B{place}": "ALL.B" for place in range(3, 6)},
        **{f"ALL.P{place}": "ALL.P" for place in range(1, 3)},
    }


def test_what_was_sent_is_shown_again() -> None:
    sent = {"ALL_B3": "12", "ALL_B2": "<b>A story</b>", "ALL_B1": "1"}
    found = items_of(every_kind_form(), **sent)
    assert (found["ALL.B3"].value, found["ALL.B2"].value) == ("12", "<b>A story</b>")
    assert [point.chosen for point in found["ALL.B1"].points] == [True, False]
    aside = items_of(every_kind_form(), ALL_B3="na")["ALL.B3"]
    assert (aside.value, aside.not_applicable_chosen) == ("", True)
    html = render(
        every_kind_form(),
        answers={code.replace("_", "."): value for code, value in sent.items()},
    )
    assert "&lt;b&gt;A story&lt;/b&gt;" in html
    assert 'value="12"' in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_control_has_a_label(language: str) -> None:
    tags = Controls(render(every_kind_form(), language)).tags
    labelled = {found.get("for") for tag, found in tags if tag == "label"}
    typed = [
        found["id"]
        for tag, found in tags
        if tag in ("input", "select", "textarea") and "typed" in str(found.get("class"))
    ]
    assert len(typed) == 3
    assert set(typed) <= labelled


def test_the_foot_names_every_licence_once_and_what_was_changed() -> None:
    form = every_kind_form()
    [asked] = form.instruments
    changed = replace(asked, licence="Public domain", catalogue="ipip", modified=True)
    html = render(replace(form, instruments=(asked, changed)))
    assert html.count("Wording of the questions: Public domain") == 1
    assert html.count("Wording of the questions: CC BY 4.0") == 1
    assert html.count("changed from the published wording") == 1
