"""The respondent's page: what it shows, in both languages, with and without answers."""

import re
from html.parser import HTMLParser
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from surveys.collect import page
from surveys.definition import (
    LANGUAGES,
    Form,
    FormPart,
    Text,
    compile_form,
    decode_answers,
    load_library,
)
from tests.factories import BRAND_STUDY

WAVE = UUID("7b0c8c0e-0f7e-4a4e-9a53-0a8c3a1d9d11")
PLAIN_FILES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


@pytest.fixture(scope="module")
def form() -> Form:
    parts = [
        FormPart(questionnaire, short=False)
        for questionnaire in load_library()
        if (questionnaire.code, questionnaire.version) in BRAND_STUDY
    ]
    return compile_form(
        parts,
        title=Text("Trust in this brand", "品牌信任"),
        referent="brand",
        languages=LANGUAGES,
        comment=True,
    )


def render(
    form: Form,
    language: str = "en",
    *,
    answers: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    simulated: bool = False,
) -> str:
    context = page.form_context(
        form,
        wave_id=WAVE,
        language=language,
        simulated=simulated,
        answers=answers or {},
        errors=errors or {},
    )
    with translation.override(language), override_settings(STORAGES=PLAIN_FILES):
        return render_to_string("collect/form.html", context)


class Controls(HTMLParser):
    """What a browser would send, and what stands in the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.checked: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("type") == "radio":
            name, value = str(found["name"]), str(found["value"])
            self.offered.setdefault(name, []).append(value)
            if "checked" in found:
                self.checked[name] = value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_point_of_every_question_is_a_field_that_the_intake_takes(
    form: Form, language: str
) -> None:
    offered = Controls(render(form, language)).offered
    assert list(offered) == [item.code for item in form.items]
    for item in form.items:
        points = [str(value) for value in range(item.low, item.high + 1)]
        assert offered[item.code] == points + ["na"] * item.not_applicable
        for value in offered[item.code]:
            decode_answers(form, {item.code: value})


@pytest.mark.parametrize(
    ("language", "html_lang", "label", "question"),
    [
        ("en", "en", "slightly agree", "This brand keeps the promises made to me."),
        ("zh-hans", "zh-Hans", "有点同意", "该品牌会兑现对我的承诺。"),
    ],
)
def test_the_page_speaks_one_language_and_offers_the_other(
    form: Form, language: str, html_lang: str, label: str, question: str
) -> None:
    html = render(form, language)
    controls = Controls(html)
    assert controls.tags[0] == ("html", {"lang": html_lang})
    assert html.count(f'<span class="text">{label}</span>') == 28
    assert question in html
    switches = [
        (found["value"], found["lang"])
        for tag, found in controls.tags
        if tag == "button" and found.get("name") == "switch" and "hidden" not in found
    ]
    other = {"en": ("zh-hans", "zh-Hans"), "zh-hans": ("en", "en")}[language]
    assert switches == [other]


def test_enter_in_a_question_presses_a_button_that_sends_nothing(form: Form) -> None:
    buttons = [
        found
        for tag, found in Controls(render(form)).tags
        if tag == "button" and found.get("type") == "submit"
    ]
    # browsers press the first submit button of the form, in the order of the page
    assert (buttons[0]["name"], buttons[0]["value"]) == ("switch", "en")


def test_a_survey_in_one_language_offers_no_switch(form: Form) -> None:
    parts = [FormPart(next(q for q in load_library() if q.code == "TBE"), short=False)]
    single = compile_form(
        parts,
        title=Text("Trust", "信任"),
        referent="brand",
        languages=["zh-hans"],
        comment=False,
    )
    html = render(single, "zh-hans")
    assert 'class="language"' not in html
    assert "<textarea" not in html


def test_each_question_is_a_fieldset_with_its_legend(form: Form) -> None:
    html = render(form)
    assert html.count("<fieldset") == html.count("<legend") == form.item_count
    assert html.count("<h1") == html.count("<main") == 1
    for item in form.items:
        assert f'id="{item.code}"' in html


def test_ends_alone_are_labelled_with_their_numbers(form: Form) -> None:
    context = page.form_context(
        form,
        wave_id=WAVE,
        language="zh-hans",
        simulated=False,
        answers={},
        errors={},
    )
    (recommend,) = [
        i for b in context["blocks"] for i in b.items if i.code == "OUT-C.REC1"
    ]
    assert [point.label for point in recommend.points] == (
        ["极不可能"] + [""] * 9 + ["极有可能"]
    )
    assert not recommend.labelled
    assert not recommend.not_applicable
    assert "10 = 极有可能" in render(form, "zh-hans")


def test_a_fresh_page_is_the_same_for_everybody(form: Form) -> None:
    first, second = render(form), render(form)
    assert first == second
    assert "data-filled" not in first
    assert not Controls(first).checked


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_sent_back_stay_chosen(form: Form, language: str) -> None:
    sent = {"TBE.T1": "5", "TBE.T2": "na", "OUT-C.REC1": "0"}
    html = render(form, language, answers=sent | {"comment": "<b>so & so</b>"})
    assert Controls(html).checked == sent
    assert "&lt;b&gt;so &amp; so&lt;/b&gt;</textarea>" in html
    assert "data-filled" in html


def test_a_refused_value_is_named_at_its_question_and_above(form: Form) -> None:
    html = render(
        form,
        answers={"TBE.C2": "9"},
        errors={"TBE.C2": "Choose a point.", "X1": "No such question."},
    )
    assert '<p class="error" id="TBE.C2-error">Choose a point.</p>' in html
    assert 'aria-describedby="TBE.C2-error"' in html
    assert 'href="#TBE.C2"' in html
    assert "<li>No such question.</li>" in html
    assert not Controls(html).checked


def test_a_draft_belongs_to_one_wave_and_one_exact_form(form: Form) -> None:
    english, chinese = render(form), render(form, "zh-hans")
    key = f'data-draft="{WAVE}.{form.digest}"'
    assert key in english
    assert key in chinese


def test_mode_simulation_and_evidence_are_named(form: Form) -> None:
    with_mark, without = render(form, simulated=True), render(form)
    assert "Open survey." in without
    assert "Simulated study." in with_mark
    assert "Simulated study." not in without
    assert len(re.findall(r"evidence level E0", without)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_obeys_a_policy_without_inline_code_and_third_parties(
    form: Form, language: str
) -> None:
    for tag, found in Controls(render(form, language, simulated=True)).tags:
        assert tag != "style"
        assert "style" not in found
        assert not [name for name in found if name.startswith("on")]
        if tag == "script":
            assert str(found["src"]).startswith("/static/")
        for name in ("src", "href", "action"):
            assert "//" not in str(found.get(name, ""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["received", "closed", "unknown", "try_again"])
def test_the_other_pages_have_one_heading_and_their_language(
    name: str, language: str
) -> None:
    with translation.override(language), override_settings(STORAGES=PLAIN_FILES):
        html = render_to_string(f"collect/{name}.html", page.frame(language))
    tags = Controls(html).tags
    assert tags[0] == ("html", {"lang": page.HTML_LANG[language]})
    assert [tag for tag, _ in tags].count("h1") == 1
    assert "<form" not in html


@pytest.mark.parametrize("sent", [True, False])
def test_whoever_has_sent_nothing_is_not_told_to_send_again(sent: bool) -> None:
    context = {**page.frame("en"), "sent": sent, "others": page.other_languages("en")}
    with translation.override("en"), override_settings(STORAGES=PLAIN_FILES):
        html = render_to_string("collect/try_again.html", context)
    assert ("send them once more" in html) is sent
    assert ("cannot be shown just now" in html) is not sent
    # no address tells which language its reader wants
    assert '<div class="note" lang="zh-Hans">' in html
    assert ("重复提交只会保存一份" in html) is sent
