"""From waves to a data set: answers of identified and open surveys, row by row.

Answers of anonymous and confidential surveys never come here (`microdata`). Nothing is
held but one block of rows; every pass over the blocks reads the database anew, inside
the scope of the caller's organization.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.actions import software_versions
from analytics.export.columns import AnswerColumns, Names, answer_columns
from analytics.export.dataset import Column, DataSet, Facts, Role, WaveIn
from analytics.export.people import criteria_part, people_part, weight_part
from analytics.export.records import link_part, paradata_part, record_part
from analytics.export.refusals import NotExportable
from analytics.export.rows import Kept, Part, Rows, Source, rows_of_block
from analytics.plan import Text
from analytics.responses import row_blocks
from analytics.sentences import Sentence, say
from surveys.definition import FormItem
from surveys.definition.codec import NOT_ASKED, NOT_SHOWN
from surveys.definition.merging import merge_forms
from surveys.models import Promise, Survey, Wave
from surveys.versions import asked_and_between

LEAST_SHARE: Final = 0.5  # of the items of a scale, as in `psychometrics.scale_scores`
_ROLES: Final[tuple[Role, ...]] = ("raw", "keyed", "item_score")


def data_set_of(
    waves: Sequence[Wave],
    *,
    raw: bool = True,
    keyed: bool = True,
    scores: bool = True,
    seed: int,
) -> DataSet:
    """Lay out the answers of waves of one survey, oldest first.

    Parameters
    ----------
    raw, keyed, scores : bool
        Answers as given; turned round where keyed against their scale; item scores
        without codes for missing answers, and scores of scales.
    seed : int
        Another seed, another order of the rows.

    Raises
    ------
    NotExportable
        The mode forbids it, a wave is not over, or nobody answered.
    InvalidData
        While reading: a stored code lies outside its question's range.
    """
    waves = sorted(waves, key=lambda wave: wave.number)
    require_exportable(waves)
    survey = waves[0].survey
    named = survey.mode == Survey.Mode.IDENTIFIED
    forms = [wave.form.asked() for wave in waves]
    merged = merge_forms(forms, asked_and_between(forms))
    kept = Kept()
    sources = [
        Source(
            index, wave, form, row_blocks(wave, rows=rows_of_block(form)), named, kept
        )
        for index, (wave, form) in enumerate(zip(waves, merged.forms, strict=True))
    ]
    rows = sum(source.rows for source in sources)
    if not rows:
        raise NotExportable(say("export_empty"))
    names = Names()
    record = record_part(sources, names)
    laid = answer_columns(merged, names, raw=raw, keyed=keyed, scores=scores)
    people = (
        [
            people_part(names),
            criteria_part(sources, names),
            weight_part(sources, names),
        ]
        if named
        else []
    )
    link, paradata = link_part(sources, names, seed), paradata_part(sources, names)
    made = [record, link, *people[:1], answers_part(laid), paradata, *people[1:]]
    parts = [part for part in made if part is not None]
    return DataSet(
        title=Text(survey.title_en, survey.title_zh_hans),
        survey=str(survey.pk),
        variables=tuple(one for part in parts for one in part.variables),
        waves=tuple(_wave_in(source, laid) for source in sources),
        rows=rows,
        blocks=lambda: _blocks(sources, parts, seed),
        notes=tuple(_notes(sources)),
        facts=Facts(lambda: _facts(sources, seed)),
    )


def require_exportable(waves: Sequence[Wave]) -> None:
    """Refuse what may not leave row by row; says why and what to take instead."""
    if not waves:
        raise NotExportable(say("export_no_wave"))
    if len({wave.survey_id for wave in waves}) > 1:
        raise NotExportable(say("export_other_survey"))
    for wave in waves:
        mode = wave.survey.mode
        if wave.survey.only_releases:
            name = say(f"file_mode_{mode}").as_text()
            raise NotExportable(say("export_promised", mode=name, wave=wave.number))
        if not wave.shows_answers:
            raise NotExportable(say("export_running", wave=wave.number))


def answers_part(laid: AnswerColumns) -> Part:
    """Return raw and keyed answers, item scores, then scores of scales."""
    variables = [one for item in laid.items for one in item.variables]
    ordered = sorted(variables, key=lambda one: _ROLES.index(one.role))

    def columns(rows: Rows) -> Sequence[Column]:
        made = dict(_answers(laid, rows))
        return [made[one.name] for one in ordered] + [
            _scores(laid, rows, score.places[rows.index]) for score in laid.scores
        ]

    return Part((*ordered, *(score.variable for score in laid.scores)), columns)


def _answers(laid: AnswerColumns, rows: Rows) -> Iterator[tuple[str, Column]]:
    """Yield every column of items by its name."""
    for item in laid.items:
        place = item.merged.places[rows.index]
        if place == NOT_ASKED:
            codes = np.full(rows.n, NOT_SHOWN, np.int16)
        else:
            codes = rows.codes[place]
        turned = _keyed(codes, item.merged.item)
        if item.raw is not None:
            yield item.raw.name, codes
        if item.keyed is not None:
            yield item.keyed.name, turned
        if item.score is not None:
            yield item.score.name, np.where(codes < 0, np.nan, turned)


def _keyed(codes: NDArray[np.int16], item: FormItem) -> NDArray[np.int16]:
    """Turn (..., m) codes round where the item is keyed against its scale."""
    if not item.reverse:
        return codes
    both = np.int16(item.low + item.high)
    return np.where(codes < 0, codes, both - codes)


def _scores(
    laid: AnswerColumns, rows: Rows, places: Sequence[int] | None
) -> NDArray[np.float64]:
    """Return the mean of each row's keyed answers, where half of them are there.

    The rule of `psychometrics.scale_scores`: NaN below half of the items, or without an
    answer, or where the wave has no such score.
    """
    if places is None:
        return np.full(rows.n, np.nan)
    form = laid.merged.forms[rows.index]
    total = np.zeros(rows.n, np.int32)
    answered = np.zeros(rows.n, np.int16)
    for place in places:
        codes = rows.codes[place]
        there = codes >= 0
        total += np.where(there, _keyed(codes, form.items[place]), 0)
        answered += there
    enough = answered >= max(LEAST_SHARE * len(places), 1)
    return np.where(enough, total / np.maximum(answered, 1), np.nan)


def _blocks(
    sources: Sequence[Source], parts: Sequence[Part], seed: int
) -> Iterator[tuple[Column, ...]]:
    first = 0
    for source in sources:
        for rows in source.read(first, seed):
            yield tuple(column for part in parts for column in part.columns(rows))
        first += source.rows


def _wave_in(source: Source, laid: AnswerColumns) -> WaveIn:
    wave, form = source.wave, source.form
    lineage: dict[str, str] = {}
    absent: list[str] = []
    for item in laid.items:
        asked = laid.merged.asked(item.merged, source.index)
        if asked is None or asked.code in form.away:
            absent += [one.name for one in item.variables]
        elif asked.code != item.merged.item.code:
            lineage |= {one.name: asked.code for one in item.variables}
    absent += [s.variable.name for s in laid.scores if s.places[source.index] is None]
    return WaveIn(
        number=wave.number,
        opened=wave.opened_at.date().isoformat(),
        closed=wave.closed_at.date().isoformat() if wave.closed_at else None,
        rows=source.rows,
        form_digest=form.digest,
        instruments=tuple(f"{one.code} v{one.version}" for one in form.instruments),
        lineage=lineage,
        absent=tuple(absent),
    )


def _notes(sources: Sequence[Source]) -> Iterator[Sentence]:
    waves = [source.wave for source in sources]
    if waves[0].survey.simulated:
        yield say("export_simulated")
    yield say("export_missing_codes")
    yield say("export_shuffled")
    if len({wave.form_id for wave in waves}) > 1:
        numbers = tuple(str(wave.number) for wave in waves)
        yield say("export_merged", waves=numbers)


def _facts(sources: Sequence[Source], seed: int) -> Mapping[str, str]:
    """Say under which promise, from which answers and with what the data were made.

    ``input_sha256`` is that of the release where there is one wave, else the sha256 of
    those of the waves in their order (as `merging.load_waves`).
    """
    survey = sources[0].wave.survey
    waves = [source.wave for source in sources]
    read = [source.fingerprint() for source in sources]
    promises = Promise.objects.filter(wave__in=waves).order_by("wave__number")
    licences = {one.licence for source in sources for one in source.form.instruments}
    versions = software_versions()
    return {
        "mode": survey.mode,
        "simulated": "yes" if survey.simulated else "no",
        "promise_sha256": " ".join(promise.digest for promise in promises),
        "input_sha256": read[0] if len(read) == 1 else _joined(read),
        "software": "; ".join(
            f"{name} {version}" for name, version in versions.items()
        ),
        "seed": str(seed),
        "licence": "; ".join(sorted(licences)),
    }


def _joined(read: Sequence[str]) -> str:
    return hashlib.sha256("".join(read).encode()).hexdigest()
