"""Sections of frozen releases are written once, and told to nobody else."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import caches

from analytics.kept_sections import CACHE, html_of
from analytics.plan import Text
from analytics.release_sections import Parts, SectionKind, sections
from analytics.release_sections.beside import Beside
from tests.analytics.release_samples import facts, part_texts

KINDS = {kind.key: kind for kind, _ in sections()}
EVERYBODY_CHANGES = {"comments", "actions"}
RELEASE = uuid4()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    caches[CACHE].clear()


class Untouchable(Parts):
    """Parts whose reader may not look beside the release."""

    @property
    def beside(self) -> Beside:
        raise AssertionError("a kept section looked beside its release")

    @beside.setter
    def beside(self, value: Beside) -> None:
        pass


def html(
    key: str, release: UUID, parts: Parts, language: str = "en", **chosen: Any
) -> str:
    return str(html_of(KINDS[key], release, parts, language, chosen, {}))


def test_kept_is_what_reads_nothing_beside_the_release() -> None:
    assert {key for key, kind in KINDS.items() if not kind.frozen} == EVERYBODY_CHANGES
    parts = Untouchable(part_texts(), facts())
    for kind in KINDS.values():
        if kind.frozen:
            assert f'id="{kind.key}"' in html(kind.key, uuid4(), parts)
    for key in EVERYBODY_CHANGES - {"comments"}:
        with pytest.raises(AssertionError, match="beside its release"):
            html(key, uuid4(), parts)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_kept_section_is_what_was_written(language: str) -> None:
    release, parts = uuid4(), Parts(part_texts(), facts())
    first = html("teams", release, parts, language, focus="unit:north")
    # nothing to read: what comes now was kept
    again = html("teams", release, Parts({}, facts()), language, focus="unit:north")
    assert first == again
    assert "Sales North" in first if language == "en" else "销售" in first


@pytest.mark.parametrize(
    "other",
    [
        {"release": uuid4()},
        {"language": "zh-hans"},
        {"visible": frozenset({"everyone"})},
        {"visible": frozenset()},
        {"focus": "unit:south"},
        {"title": "Renamed"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_nothing_is_kept_for_somebody_else(other: dict[str, Any]) -> None:
    written: list[str] = []

    def builder(parts: Parts, language: str, **chosen: Any) -> object:
        written.append(language)
        return KINDS["teams"].builder(parts, language, **chosen)

    kind = SectionKind("teams", KINDS["teams"].name, builder, frozen=True)

    def ask(**changed: Any) -> None:
        title = Text.same(changed.get("title", "A pulse"))
        parts = Parts(part_texts(), facts(title=title), visible=changed.get("visible"))
        release, language = (
            changed.get("release", RELEASE),
            changed.get("language", "en"),
        )
        chosen = {"focus": changed.get("focus", "")}
        html_of(kind, release, parts, language, chosen, {})

    ask()
    ask()
    assert len(written) == 1
    ask(**other)
    assert len(written) == 2, "a section that somebody else had read was sent"
    ask(**other)
    assert len(written) == 2
