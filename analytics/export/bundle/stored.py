"""A bundle of a stored wave: its newest report, its data, its codebook."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from analytics.export.bundle.making import make_bundle
from analytics.export.bundle.words import RELEASE_FILES, Origin
from analytics.export.codebook import codebook_of
from analytics.export.codebook.about import about_of, forms_of
from analytics.export.dataset import Column, DataSet
from analytics.export.gathering import data_set_of
from analytics.export.microdata import microdata_of
from analytics.export.refusals import NotExportable
from analytics.models import Analysis, Release
from analytics.plan import Text
from analytics.sentences import say
from surveys.models import Wave
from trustsurvey import __version__

if TYPE_CHECKING:
    from analytics.export.models import Export
    from analytics.export.writing import Written

KEPT: Final = ("raw", "keyed", "item_score", "scale_score", "weight")
RECORD: Final = ("row", "wave", "form", "language")


def write_bundle(
    export: "Export",
    waves: Sequence[Wave],
    path: Path,
    tell: Callable[[int, int | None], None],
) -> "Written":
    """Write the bundle of one wave as `analytics.export.writing` asks for it.

    Raises
    ------
    NotExportable
        The answers may not leave, there is no report, or it rests on other answers.
    """
    from analytics.export.writing import Written

    wave = waves[-1]
    report, origin = report_of(wave)
    data = data_of(wave)
    had = int(json.loads(report)["n_rows"])
    if had != data.rows:
        params = {"wave": wave.number, "had": had, "has": data.rows}
        raise NotExportable(say("bundle_report_older", **params))
    tell(0, data.rows)
    said = make_bundle(
        data,
        report,
        codebook_of(data, forms_of([wave]), about_of([wave])),
        path,
        origin=origin,
        parts=parts_of(wave),
        language=export.language,
        tell=lambda done: tell(done, None),
    )
    return Written(data.rows, (*data.notes, *said))


def data_of(wave: Wave) -> DataSet:
    """Return checked microdata where answers are protected, else what a report needs."""
    if wave.survey.only_releases:
        return microdata_of(wave, seed=settings.ANALYSIS_SEED)
    return without_people(data_set_of([wave], seed=settings.ANALYSIS_SEED))


def without_people(data: DataSet) -> DataSet:
    """Leave out who answered: a bundle is handed on, and no number needs it."""
    places = [
        place
        for place, one in enumerate(data.variables)
        if one.role in KEPT or (one.role == "record" and one.name in RECORD)
    ]
    if len(places) == len(data.variables):
        return data

    def blocks() -> Iterator[tuple[Column, ...]]:
        for block in data.blocks():
            yield tuple(block[place] for place in places)

    return replace(
        data,
        variables=tuple(data.variables[place] for place in places),
        blocks=blocks,
        notes=(*data.notes, say("bundle_without_people")),
    )


def report_of(wave: Wave) -> tuple[str, Origin]:
    """Return the newest report of a wave as JSON text, and where it comes from.

    Raises
    ------
    NotExportable
        There is none.
    """
    if not wave.survey.only_releases:
        analyses = Analysis.objects.done().filter(wave=wave).newest_first()
        if (analysis := analyses.first()) is not None:
            words = Text(
                f"Analysis of wave {wave.number}", f"第 {wave.number} 轮的分析"
            )
            day = analysis.requested_at.date().isoformat()
            return analysis.result, _origin(wave, day, words)
    if (release := _newest(wave)) is not None:
        for part in release.parts.filter(name="report"):
            words = Text(
                f"Release {release.number} of wave {wave.number}",
                f"第 {wave.number} 轮第 {release.number} 次发布",
            )
            day = release.requested_at.date().isoformat()
            return part.content, _origin(wave, day, words)
    raise NotExportable(say("bundle_no_report", wave=wave.number))


def parts_of(wave: Wave) -> dict[str, str]:
    """Return what the page of the newest release shows besides its report, as JSON.

    By what it is of: an object of parts by their names, as they are stored. They have
    been attacked before they were published; nothing is told here that is not there.
    """
    release = _newest(wave) if wave.survey.only_releases else None
    found: dict[str, list[str]] = {}
    if release is not None:
        for part in release.parts.order_by("name"):
            family = part.name.partition("/")[0]
            if family in RELEASE_FILES:
                text = f"{json.dumps(part.name, ensure_ascii=False)}: {part.content}"
                found.setdefault(family, []).append(text)
    return {family: "{" + ",\n".join(texts) + "}" for family, texts in found.items()}


def _newest(wave: Wave) -> Release | None:
    return Release.objects.published().filter(wave=wave).newest_first().first()


def _origin(wave: Wave, day: str, words: Text) -> Origin:
    return Origin(wave.survey.organization.name, day, words, __version__)
