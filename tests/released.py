"""Ended waves with groups, and releases of them, for tests."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from analytics.models import Release, ReleasePart
from surveys import definition
from surveys.models import Cell, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, close_for_good

# name, place of the cell above, invited, key
CellRow = tuple[str, int | None, int] | tuple[str, int | None, int, str]
SHA = "0" * 64


@cache
def questioned_form() -> definition.Form:
    """Form of the brand study with questions about the respondent."""
    newest = {q.code: q for q in definition.load_library()}
    return definition.compile_form(
        [definition.FormPart(newest[code], False) for code in ("TBE", "OUT-C", "CTL")],
        title=definition.Text("Trust in Harbour Tea", "我们信任港湾茶吗"),
        referent="brand",
        languages=definition.LANGUAGES,
        comment=False,
    )


def make_cells(wave: Wave, *rows: CellRow) -> list[Cell]:
    """Store the groups of a wave, those above others first."""
    made: list[Cell] = []
    with organization_scope(wave.organization_id):
        for name, above, invited, *key in rows:
            made.append(
                Cell.objects.create(
                    organization_id=wave.organization_id,
                    wave=wave,
                    parent=None if above is None else made[above],
                    name_en=name,
                    name_zh_hans=f"{name}部",
                    invited=invited,
                    key=key[0] if key else "",
                )
            )
    return made


def answer_in(
    wave: Wave,
    cell: Cell | None,
    answers: list[int],
    *,
    language: str = "en",
    key: UUID | None = None,
    pseudonym: bytes | None = None,
) -> None:
    """Store answers as mixing does, in a group or under a given key."""
    row = {
        "organization_id": wave.organization_id,
        "wave_id": wave.pk,
        "form_id": wave.form_id,
        "id": key or uuid4(),
        "cell_id": cell.pk if cell else None,
        "item_count": len(answers),
        "answers": answers,
        "language": language,
        "pseudonym": pseudonym,
    }
    columns, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO surveys_response ({columns}) VALUES ({marks})",
            list(row.values()),
        )


def make_release(
    wave: Wave, parts: Mapping[str, str] | None = None, **values: Any
) -> Release:
    """Publish texts as the release of a wave, which is ended first."""
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        release = Release.objects.create(
            organization_id=wave.organization_id,
            wave=wave,
            number=1 + Release.objects.filter(wave=wave).count(),
            state=Release.State.BUILDING,
            settings={"seed": 1},
            requested_at=NOW,
            worked_at=NOW,
        )
        ReleasePart.objects.bulk_create(
            ReleasePart(
                organization_id=wave.organization_id,
                release=release,
                name=name,
                content=content,
            )
            for name, content in (parts or {}).items()
        )
        published = {
            "state": Release.State.PUBLISHED,
            "audited": True,
            "progress": 100,
            "input_sha256": SHA,
            "digest": SHA,
            "published_at": NOW,
            **values,
        }
        Release.objects.filter(pk=release.pk).update(**published)
        release.refresh_from_db()
    return release
