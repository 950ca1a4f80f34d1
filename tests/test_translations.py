"""Chinese and English are equals: nothing that a page says exists in one of them only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "translate"}
WITH_PLACE = {"pgettext", "pgettext_lazy"}  # their first argument says where it stands
# what django turns a template's {% translate %} and {% blocktranslate %} into
IN_TEMPLATE = re.compile(
    # of pgettext the second argument: the first says where the word stands
    r"(?:\bn?gettext\(|\b_\(|\bpgettext\(\s*u?'(?:[^'\\]|\\.)*'\s*,)\s*u?(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%s|%d")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_code() -> Iterator[str]:
    for folder in ("surveys", "analytics", "trustsurvey"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "gettext" not in source and "translate" not in source:
                continue  # none of CALLS is imported
            for node in ast.walk(ast.parse(source)):
                name = getattr(getattr(node, "func", None), "id", "")
                if isinstance(node, ast.Call) and name in CALLS | WITH_PLACE:
                    said = node.args[name in WITH_PLACE :][:1]
                    yield from (
                        one.value
                        for one in said
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    )


def in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for found in IN_TEMPLATE.finditer(python):
            text = ast.literal_eval(found["text"])
            assert isinstance(text, str)
            # templates double the per cent sign outside of placeholders
            yield text


KNOWN = {entry.msgid: entry for entry in CATALOGUE if not entry.obsolete}


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every text of the site; all code is read for it, so once, by who needs it."""
    return set(in_code()) | set(in_templates())


def test_texts_are_found_at_all(used: set[str]) -> None:
    assert len(used) > 100
    assert "Not applicable" in used


def test_every_text_is_in_the_catalogue(used: set[str]) -> None:
    assert used - set(KNOWN) == set(), "not in locale/zh_Hans: run `make messages`"


def test_every_text_has_a_chinese_translation(used: set[str]) -> None:
    wrong = {text: told for text in used & set(KNOWN) if (told := fault_of(text))}
    assert wrong == {}


def fault_of(text: str) -> str:
    """What is wrong with the translation of a text, or nothing."""
    entry = KNOWN[text]
    said = list(entry.msgstr_plural.values()) or [entry.msgstr]
    gaps = sorted(PLACEHOLDER.findall(text))
    if entry.fuzzy:
        return "fuzzy"
    if not all(said):
        return "missing"
    if any(sorted(PLACEHOLDER.findall(one)) != gaps for one in said):
        return "other placeholders"
    latin = [one for one in said if not CHINESE.search(one)]
    return "not Chinese" if latin and re.search("[a-z]{3}", text) else ""


def test_no_translation_is_left_over(used: set[str]) -> None:
    assert set(KNOWN) - used == set()
