"""Sentences in a row are set as each language sets them."""

import pytest
from django.template import Context, Template

ROW = "{% load bilingual %}{% sentences %}\n <b>{{ one }}</b>\n {{ two }} {% endsentences %}"


@pytest.mark.parametrize(
    ("one", "two", "row"),
    [
        ("第一句。", "第二句 v2。", "<b>第一句。</b>第二句 v2。"),
        ("名称", "（简版）", "<b>名称</b>（简版）"),
        ("First.", "Second, v2.", "<b>First.</b>\n Second, v2."),
        ("<i>。 ", "&", "<b>&lt;i&gt;。</b>\n &amp;"),
    ],
)
def test_no_space_follows_a_full_width_mark(one: str, two: str, row: str) -> None:
    assert Template(ROW).render(Context({"one": one, "two": two})).strip() == row
