"""Checked rows of an anonymous or confidential wave: from its answers to a data set.

What is decided rests on the first release of the wave and on nothing that can be chosen,
so that there is one such file of a wave, whoever asks for it and however often.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.actions import software_versions
from analytics.disclosure import Publication
from analytics.disclosure.microdata import (
    Microdata,
    MicrodataRules,
    NoMicrodata,
    Wanted,
    coarsened,
)
from analytics.disclosure.recoding import Attribute
from analytics.export.columns import AnswerColumns, Names, answer_columns
from analytics.export.dataset import Column, DataSet, Label, Variable, WaveIn
from analytics.export.gathering import answers_part
from analytics.export.models import Export
from analytics.export.refusals import NotExportable
from analytics.export.rows import ROWS, Part, Rows, secret_number
from analytics.models import Release
from analytics.plan import Text
from analytics.release_parts import WaveAnswers
from analytics.responses import (
    block_codes,
    load_wave_answers,
    row_blocks,
    scope_connection,
)
from analytics.segments import measures_of, scores_of
from analytics.sentences import Sentence, say
from analytics.told import releases_told
from surveys import definition
from surveys.definition.merging import merge_forms
from surveys.models import Promise, Wave
from surveys.models.promise import LEAST_FOR_SCORES
from surveys.versions import asked_and_between

# kinds of exports that hold rows of a promised wave, or figures computed from them
WITH_ROWS = (Export.Kind.MICRODATA, Export.Kind.CODEBOOK, Export.Kind.BUNDLE)
_LABELS = {
    "unit": Text("Unit, as far as it may be told", "部门（在允许透露的范围内）"),
    "language": Text("Language of the answers", "作答语言"),
}
_GROUPED = Text("Answers joined to groups.", "选项已合并为组。")


def microdata_of(wave: Wave, *, seed: int) -> DataSet:
    """Lay out checked rows of a wave whose answers are promised protection.

    `seed` gives another order of the same rows.

    Raises
    ------
    NotExportable
        The survey needs no such file, the wave has no release, or the rows would tell
        too much; the sentence says which.
    """
    if not wave.survey.only_releases:
        raise NotExportable(say("microdata_whole"))
    release, told = first_told(wave)
    form = wave.form.asked()
    now = load_wave_answers(wave, form, seed=seed)
    if now.sha256 != release.input_sha256:
        raise NotExportable(say("microdata_other_answers"))
    codes = _codes(wave, form)
    found = _decided(wave, now, codes, form, told)
    return _data_set(wave, form, codes, found, release, seed)


def first_told(wave: Wave) -> tuple[Release, tuple[Publication, ...]]:
    """Return the first release that told anything, and what; later ones tell no more.

    Raises
    ------
    NotExportable
        There is none yet, or a later one told more.
    """
    found = releases_told(wave)
    if not any(one.state == Release.State.PUBLISHED for one, _ in found):
        raise NotExportable(say("microdata_no_release"))
    (release, first), *later = found
    if any(_tells_more(told.all, first.all) for _, told in later):
        raise NotExportable(say("microdata_other_release"))
    return release, first.all


def rows_forbid(wave: Wave, told: Sequence[Publication]) -> bool:
    """Whether rows of the wave were written, and `told` tells more than its first release.

    Whoever holds the rows could set the new figures beside them.
    """
    written = Export.objects.filter(
        survey=wave.survey_id,
        waves__contains=[wave.number],
        kind__in=WITH_ROWS,
        ready_at__isnull=False,
    )
    if not (wave.survey.only_releases and written.exists()):
        return False
    _, first = releases_told(wave)[0]
    return _tells_more(told, first.all)


def _tells_more(told: Sequence[Publication], first: Sequence[Publication]) -> bool:
    known = {key for one in first for key in _pieces(one)}
    return any(key not in known for one in told for key in _pieces(one))


def _pieces(told: Publication) -> Iterator[tuple[str, str, bool, bytes]]:
    for one in told.pieces:
        yield one.segment, one.measure, one.is_bound, told.rows(one).tobytes()


def _codes(wave: Wave, form: definition.Form) -> NDArray[np.int16]:
    """Return (items, n) stored codes, rows in the order of their keys."""
    connection = scope_connection()
    blocks = [
        block_codes(connection, one, form, []) for one in row_blocks(wave, rows=ROWS)
    ]
    return np.concatenate(blocks, axis=1)


def _decided(
    wave: Wave,
    now: WaveAnswers,
    codes: NDArray[np.int16],
    form: definition.Form,
    told: Sequence[Publication],
) -> Microdata:
    promise = Promise.objects.filter(wave=wave).first()
    least = promise.least_for_scores if promise else LEAST_FOR_SCORES
    scored = set(form.scored_items)
    places = [place for place, item in enumerate(form.items) if item in scored]
    wanted = Wanted(
        segments=now.segments,
        measures=measures_of(now, scores_of(now)),
        answers=codes[places].T,
        scales=[form.items[place].scale for place in places],
        told=told,
    )
    try:
        return coarsened(wanted, MicrodataRules(least=least))
    except NoMicrodata as refused:
        raise NotExportable(refused.reason) from refused


def _data_set(
    wave: Wave,
    form: definition.Form,
    codes: NDArray[np.int16],
    found: Microdata,
    release: Release,
    seed: int,
) -> DataSet:
    merged = merge_forms([form], asked_and_between([form]))
    names = Names()
    every = answer_columns(merged, names, raw=True, keyed=True, scores=True)
    # single questions that are no items of a scale could tell who somebody is
    items = tuple(
        one
        for one in every.items
        if one.merged.scored and one.merged.item.scale not in found.left_out
    )
    scores = tuple(
        one for one in every.scores if one.variable.scale not in found.left_out
    )
    laid = AnswerColumns(merged, items, scores)
    answers = answers_part(laid)
    groups = [_variable(one, names) for one in found.attributes]
    survey = wave.survey
    return DataSet(
        title=Text(survey.title_en, survey.title_zh_hans),
        survey=str(survey.pk),
        variables=(*groups, *answers.variables),
        waves=(_wave_in(wave, form, codes.shape[1], laid),),
        rows=codes.shape[1],
        blocks=lambda: _blocks(wave, codes, found, answers, seed),
        notes=tuple(_notes(wave, found)),
        facts=_facts(wave, form, release, seed),
    )


def _variable(one: Attribute, names: Names) -> Variable:
    code = one.key.removeprefix("question:")
    is_question = one.kind == "question"
    return Variable(
        name=names.take(f"{code}_grouped" if is_question else code),
        label=Text.same(code) if is_question else _LABELS[one.key],
        kind="whole",
        measure="nominal",
        role="segment",
        values=tuple(
            Label(place + 1, one.name(place)) for place in range(len(one.groups))
        ),
        item=code if is_question else None,
        note=_GROUPED if len(one.groups) < len(one.names) else None,
    )


def _blocks(
    wave: Wave, codes: NDArray[np.int16], found: Microdata, answers: Part, seed: int
) -> Iterator[tuple[Column, ...]]:
    """Yield the rows in an order that follows from a secret of this site alone."""
    secret = secret_number(f"microdata {wave.pk} {seed}")
    order = np.random.default_rng(secret).permutation(codes.shape[1])
    groups = [(one.codes + 1).astype(np.int16) for one in found.attributes]
    for start in range(0, len(order), ROWS):
        here = order[start : start + ROWS]
        unknown = np.full(len(here), -1, dtype=np.int16)
        rows = Rows(0, start, here, codes[:, here], unknown, unknown, unknown, [], [])
        yield (*(one[here] for one in groups), *answers.columns(rows))


def _wave_in(
    wave: Wave, form: definition.Form, rows: int, laid: AnswerColumns
) -> WaveIn:
    return WaveIn(
        number=wave.number,
        opened=wave.opened_at.date().isoformat(),
        closed=wave.closed_at.date().isoformat() if wave.closed_at else None,
        rows=rows,
        form_digest=form.digest,
        instruments=tuple(f"{one.code} v{one.version}" for one in form.instruments),
        lineage={},
        absent=tuple(
            variable.name
            for item in laid.items
            if item.merged.item.code in form.away
            for variable in item.variables
        ),
    )


def _notes(wave: Wave, found: Microdata) -> Iterator[Sentence]:
    if wave.survey.simulated:
        yield say("microdata_simulated")
    yield say("export_missing_codes")
    yield from found.remarks


def _facts(
    wave: Wave, form: definition.Form, release: Release, seed: int
) -> dict[str, str]:
    promise = Promise.objects.filter(wave=wave).first()
    versions = software_versions()
    return {
        "mode": wave.survey.mode,
        "simulated": "yes" if wave.survey.simulated else "no",
        "promise_sha256": promise.digest if promise else "",
        "input_sha256": release.input_sha256,
        "release": f"{release.number} {release.digest}",
        "software": "; ".join(
            f"{name} {version}" for name, version in versions.items()
        ),
        "seed": str(seed),
        "licence": "; ".join(sorted({one.licence for one in form.instruments})),
    }
