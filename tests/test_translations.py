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
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in CALLS
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str)
                ):
                    yield node.args[0].value


def in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for found in IN_TEMPLATE.finditer(python):
            text = ast.literal_eval(found["text"])
            assert isinstance(text, str)
            # templates double the per cent sign outside of placeholders
            yield text


USED = set(in_code()) | set(in_templates())
KNOWN = {entry.msgid: entry for entry in CATALOGUE if not entry.obsolete}


def test_texts_are_found_at_all() -> None:
    assert len(USED) > 100
    assert "Not applicable" in USED


@pytest.mark.parametrize("text", sorted(USED))
def test_every_text_has_a_chinese_translation(text: str) -> None:
    assert text in KNOWN, "not in locale/zh_Hans: run `make messages`"
    entry = KNOWN[text]
    assert not entry.fuzzy
    said = list(entry.msgstr_plural.values()) or [entry.msgstr]
    assert all(said)
    for translation in said:
        assert sorted(PLACEHOLDER.findall(translation)) == sorted(
            PLACEHOLDER.findall(text)
        )
        assert CHINESE.search(translation) or not re.search("[a-z]{3}", text)


def test_no_translation_is_left_over() -> None:
    assert set(KNOWN) - USED == set()
