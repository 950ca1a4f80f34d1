"""From understood rows to past waves: all of them or none, inside one transaction."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection

from surveys.brought.days import number_of
from surveys.brought.looking import Looked, WaveLooked
from surveys.brought.rows import Reader, Row
from surveys.definition import Text
from surveys.fieldwork.cells import key_of_unit
from surveys.models import (
    AnswerFile,
    BroughtWave,
    Cell,
    Form,
    Promise,
    Survey,
    Unit,
    Wave,
)
from surveys.promise import Thresholds

BATCH: Final = 5_000  # rows of one statement
PROMISED: Final = Text(
    "These answers were given elsewhere; this site showed nobody anything. Whoever"
    " brought them states: {stated}. Results are shown for groups of at least"
    " {least} only, where the survey does not show single answers.",
    "这些答卷是在别处填写的，本站未向任何人展示过说明。导入者声明：{stated}。"
    "除显示单份答卷的调查外，结果只按至少 {least} 人的群体显示。",
)
STATED: Final = {
    "anonymous": Text("they were promised anonymity", "当时承诺匿名"),
    "confidential": Text("they were promised confidentiality", "当时承诺保密"),
    "identified": Text(
        "they knew that they would be seen", "他们知道自己的答案会被看到"
    ),
    "open": Text("they were promised nothing", "当时未作任何承诺"),
}


@dataclass(slots=True)
class _Place:
    """A wave on its way in: where its rows go, and those that wait."""

    wave: Wave
    cells: dict[UUID, UUID]
    languages: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    cell_ids: list[UUID | None] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.answers.append(f"{{{','.join(map(str, row.codes))}}}")
        self.languages.append(row.language)
        cell = None if row.unit is None else self.cells[row.unit]
        self.cell_ids.append(cell)
        if len(self.answers) == BATCH:
            self.flush()

    def flush(self) -> None:
        """One statement; the order of the file is not kept within it."""
        wave = self.wave
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
                " item_count, answers, language, cell_id)"
                " SELECT %s, %s, %s, gen_random_uuid(), %s, given::smallint[], spoken,"
                " cell FROM unnest(%s::text[], %s::text[], %s::uuid[])"
                " AS batch (given, spoken, cell) ORDER BY random()",
                [
                    wave.organization_id,
                    wave.pk,
                    wave.form_id,
                    wave.form.item_count,
                    self.answers,
                    self.languages,
                    self.cell_ids,
                ],
            )
        self.answers, self.languages, self.cell_ids = [], [], []


def store(
    file: AnswerFile,
    reader: Reader,
    looked: Looked,
    rows: Iterable[Row],
    *,
    at: datetime,
) -> Survey:
    """Store every row without a problem in the wave of its day."""
    survey, form = _target(file, reader, at)
    units = {unit.pk: unit for unit in Unit.objects.all()}
    named = [UUID(one) for one in looked.units]
    places = {
        key: _place(file, survey, form, key, one, looked, reader, at)
        for key, one in looked.waves.items()
    }
    for place in places.values():
        place.cells = _cells(place.wave, named, units)
    for row in rows:
        if not row.problems:
            places[row.wave].add(row)
    for place in places.values():
        place.flush()
    return survey


def _target(file: AnswerFile, reader: Reader, at: datetime) -> tuple[Survey, Form]:
    if file.survey is not None and file.form is not None:
        # the lock keeps a wave from opening between the check and the commit
        survey = Survey.objects.select_for_update().get(pk=file.survey.pk)
        return survey, file.form
    said = file.said
    survey = Survey.objects.create(
        organization_id=file.organization_id,
        title_en=said["title_en"],
        title_zh_hans=said["title_zh_hans"],
        mode=said["promised"],
        origin=Survey.Origin.IMPORTED,
        sample=said["sample"],
        simulated=said["simulated"],
        created_at=at,
    )
    form = Form.objects.create(
        organization_id=file.organization_id,
        survey=survey,
        number=1,
        item_count=reader.form.item_count,
        definition=reader.form.to_data(),
        digest=reader.form.digest,
    )
    return survey, form


def days_of(one: WaveLooked, said: dict[str, Any]) -> tuple[date, date]:
    """First and last day of a wave: of its rows, or as the owner says."""
    first, last = one.first or said["first"], one.last or said["last"]
    return date.fromisoformat(first), date.fromisoformat(last)


def _place(
    file: AnswerFile,
    survey: Survey,
    form: Form,
    key: str,
    one: WaveLooked,
    looked: Looked,
    reader: Reader,
    at: datetime,
) -> _Place:
    first, last = days_of(one, file.said)
    wave = Wave.objects.create(
        organization_id=file.organization_id,
        survey=survey,
        form=form,
        number=number_of(last),
        state=Wave.State.CLOSED,
        opened_at=datetime(first.year, first.month, first.day, tzinfo=UTC),
        closed_at=datetime(last.year, last.month, last.day, tzinfo=UTC),
    )
    _promise(wave, file.said["promised"])
    BroughtWave.objects.create(
        organization_id=file.organization_id,
        wave=wave,
        filename=file.filename,
        sha256=file.sha256,
        rows=one.rows,
        sample=file.said["sample"],
        promised=file.said["promised"],
        lineage=lineage_of(file, reader, looked, key),
        brought_at=at,
    )
    return _Place(wave, {})


def lineage_of(
    file: AnswerFile, reader: Reader, looked: Looked, key: str
) -> dict[str, Any]:
    """How a file was read, for good: the column, coding and counts of every item."""
    names = [one.name for one in reader.source.columns]

    def name(at: int) -> str | None:
        return names[at] if at >= 0 else None

    mapping = reader.mapping
    return {
        "schema_version": 1,
        "kind": file.kind,
        "tool": reader.source.tool,
        "encoding": file.encoding,
        "separator": file.separator,
        "form": reader.form.digest,
        "wave": key,
        "period": mapping.period,
        "language": name(mapping.language) or file.said["language"],
        "unit": name(mapping.unit),
        "day": name(mapping.day),
        "missing": list(mapping.missing),
        "texts": {scale: dict(texts) for scale, texts in mapping.texts.items()},
        "left_out": [n for at, n in enumerate(names) if at not in mapping.used],
        "rows": {
            "good": looked.good,
            "rejected": looked.rejected,
            "expected": looked.expected,
        },
        "items": {
            item.code: {
                "column": name(one.column),
                "coding": one.coding if one.column >= 0 else None,
                "sure": one.sure,
                "why": one.why,
            }
            for item, one in zip(reader.form.items, mapping.items, strict=True)
        },
    }


def _promise(wave: Wave, stated: str) -> None:
    """Rules for a wave that nobody here promised anything: those of its survey.

    Thresholds never fall below what the survey promises by now.
    """
    newest = (
        Promise.objects.filter(wave__survey=wave.survey_id)
        .order_by("-wave__number")
        .first()
    )
    least = Thresholds()
    if newest is not None:
        least = Thresholds(**{name: getattr(newest, name) for name in asdict(least)})
    texts = {
        language: PROMISED.in_(language)
        .replace("{stated}", STATED[stated].in_(language))
        .replace("{least}", str(least.least_for_scores))
        for language in ("en", "zh-hans")
    }
    frozen = {"mode": wave.survey.mode, "stated": stated, **texts, **asdict(least)}
    digest = hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).hexdigest()
    Promise.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        mode=wave.survey.mode,
        text_en=texts["en"],
        text_zh_hans=texts["zh-hans"],
        digest=digest,
        **asdict(least),
    )


def _cells(
    wave: Wave, named: Iterable[UUID], units: dict[UUID, Unit]
) -> dict[UUID, UUID]:
    """A group for every unit that is named and those above it, as collected waves."""
    needed: list[Unit] = []
    for key in named:
        at: UUID | None = key
        while at is not None and units[at] not in needed:
            needed.append(units[at])
            at = units[at].parent_id
    keys = {unit.pk: uuid4() for unit in needed}
    for unit in needed:
        Cell.objects.create(
            id=keys[unit.pk],
            organization_id=wave.organization_id,
            wave=wave,
            parent_id=keys.get(unit.parent_id) if unit.parent_id else None,
            name_en=unit.name_en,
            name_zh_hans=unit.name_zh_hans,
            key=key_of_unit(unit.pk),
            invited=0,
        )
    return keys
