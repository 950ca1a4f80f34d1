"""The gate never raises, takes seconds, and prints its findings for authors."""

import random
import time
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import (
    LANGUAGES,
    Questionnaire,
    Text,
)
from surveys.definition.conditions import Condition
from surveys.definition.library import FOLDER
from surveys.definition.quality import (
    Finding,
    LicensedWording,
    check_questionnaire,
    stale_translations,
)
from surveys.definition.quality.sentences import SENTENCES
from surveys.definition.questionnaire import (
    Item,
    ResponseFormat,
    Scale,
)
from tests.surveys.quality_cases import (
    item,
    questionnaire,
    scale,
)

# --- sentences, robustness, speed -------------------------------------------------


def test_every_sentence_is_told_in_both_languages() -> None:
    finding = Finding("joined", "should", "T1", "en", {"found": "and"})
    assert finding.in_("en").startswith("T1 (English): 'and' may join")
    assert finding.in_("zh-hans").startswith("T1（英文）：“and”可能")
    for sentence in SENTENCES.values():
        assert sentence.en.endswith(".")
        assert sentence.zh_hans.endswith("。")


WORDS = st.sampled_from(
    [*"不没和、或并又{}%$", "not", "and", "or", "never", "{referent}", "{x}", "2", "I"]
)
WORDINGS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
)
TEXTS = st.builds(Text, WORDINGS, WORDINGS)
CODES = st.sampled_from(["A1", "A2", "B1", "f"])
CONDITIONS = st.none() | st.builds(
    Condition, CODES, st.lists(st.integers(0, 4), max_size=3).map(tuple)
)
FORMATS = st.builds(
    ResponseFormat,
    code=st.sampled_from(["f", "g"]),
    low=st.integers(0, 1),
    high=st.integers(1, 4),
    labels=st.lists(TEXTS, max_size=4).map(tuple),
    not_applicable=st.booleans(),
    kind=st.sampled_from(["rating", "choice", "number", "text"]),
)
ITEMS = st.builds(
    Item,
    code=CODES,
    text=TEXTS,
    reverse=st.booleans(),
    facet=TEXTS,
    short=st.booleans(),
    format=st.none() | FORMATS,
    expect=st.none() | st.integers(-1, 5),
    show_if=CONDITIONS,
    lineage=st.none() | CODES,
)
SCALES = st.builds(
    Scale,
    code=CODES,
    name=TEXTS,
    description=TEXTS,
    model=st.sampled_from(["reflective", "formative", "checklist"]),
    format=FORMATS,
    items=st.lists(ITEMS, max_size=4).map(tuple),
    referent=st.sampled_from([None, "leader", "somebody"]),
    show_if=CONDITIONS,
)
LANGUAGE_CHOICES = st.sampled_from([("en",), ("zh-hans",), LANGUAGES])
QUESTIONNAIRES = st.builds(
    lambda scales, languages, name: questionnaire(
        *scales, languages=languages, name=name
    ),
    st.lists(SCALES, max_size=2),
    LANGUAGE_CHOICES,
    TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(asked=QUESTIONNAIRES, later=QUESTIONNAIRES, protected=WORDINGS)
def test_the_gate_never_raises(
    asked: Questionnaire, later: Questionnaire, protected: str
) -> None:
    licensed = [LicensedWording("P{1}", one, protected, "{R}") for one in LANGUAGES]
    findings = check_questionnaire(asked, licensed=licensed)
    for finding in (*findings, *stale_translations(asked, later)):
        assert finding.severity in {"must", "should"}
        for language in LANGUAGES:
            assert finding.in_(language)


def large(wordings: Sequence[Text], *, chained: bool = False) -> Questionnaire:
    items = [
        item(
            f"I{n}",
            text,
            show_if=Condition(f"I{n - 1}", (1,)) if chained and n else None,
        )
        for n, text in enumerate(wordings)
    ]
    return questionnaire(scale(*items, model="checklist"))


def seconds(asked: Questionnaire) -> float:
    """Processor time of the gate, which other work on the machine does not lengthen."""
    started = time.process_time()
    check_questionnaire(asked)
    return time.process_time() - started


def random_wordings(count: int) -> list[Text]:
    rng = random.Random(1)
    english = ["".join(rng.choices("abcdefghiknoprst", k=6)) for _ in range(400)]
    chinese = [chr(0x4E00 + n) for n in range(800)]
    return [
        Text(" ".join(rng.choices(english, k=10)), "".join(rng.choices(chinese, k=18)))
        for _ in range(count)
    ]


@pytest.mark.long
@pytest.mark.parametrize("alike", [False, True])
def test_ten_thousand_items_take_seconds(alike: bool) -> None:
    wordings = random_wordings(10_000)
    if alike:
        wordings = [
            Text(f"Item number {n} of a long list.", f"长列表中的第{n}道题。")
            for n in range(10_000)
        ]
    assert seconds(large(wordings)) < 5


def test_the_cost_grows_with_the_number_of_items_and_not_with_its_square() -> None:
    wordings = random_wordings(2_000)
    few = min(seconds(large(wordings[:250], chained=True)) for _ in range(3))
    many = min(seconds(large(wordings, chained=True)) for _ in range(3))
    # eight times the items; a search of every pair would take 64 times as long
    assert many < 32 * few


# --- the command ------------------------------------------------------------------


def test_the_command_prints_findings_in_either_language(tmp_path: Path) -> None:
    shipped = FOLDER / "trust_building_elements.yaml"
    out = StringIO()
    call_command("check_questionnaire", str(shipped), "--language=zh-hans", stdout=out)
    assert "[should] A4（英文）：每个人对“often”" in out.getvalue()
    faulty = tmp_path / "faulty.yaml"
    wording = "explains the reasons behind decisions that affect me"
    document = shipped.read_text(encoding="utf-8")
    assert wording in document
    faulty.write_text(
        document.replace(wording, "is not unfair to me"), encoding="utf-8"
    )
    out = StringIO()
    with pytest.raises(CommandError, match="1 must be corrected") as refused:
        call_command("check_questionnaire", str(faulty), stdout=out)
    assert refused.value.returncode == 1
    assert "[must] T1 (English): 'not', 'unfair' negate twice" in out.getvalue()


def test_the_command_refuses_what_is_no_questionnaire(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="name a YAML file"):
        call_command("check_questionnaire", str(tmp_path / "none.yaml"))
    empty = tmp_path / "empty.yaml"
    empty.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match=r"empty\.yaml"):
        call_command("check_questionnaire", str(empty))
