"""From a promised wave and its release to one file of checked rows, or to the reason."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import psycopg
import pytest
from django.db import connections

from analytics.export.codebook import codebook_of, write_json
from analytics.export.codebook.about import forms_of
from analytics.export.dataset import DataSet
from analytics.export.microdata import microdata_of
from analytics.export.refusals import NotExportable
from analytics.models import Release
from surveys.models import Survey, Wave
from surveys.tenancy import organization_scope
from tests.analytics.exported import make_export
from tests.analytics.test_publishing import plausible, publish
from tests.factories import close_for_good, make_survey, make_wave
from tests.released import answer_in, make_cells
from trustsurvey.roles import Login

pytestmark = pytest.mark.usefixtures("database")

SIZES = (26, 24, 3)


def varied_wave(
    mode: str = "anonymous", sizes: tuple[int, ...] = SIZES, *, chinese: int = 0
) -> Wave:
    """End a wave of two teams that may be told and a small one; no team agrees.

    The first `chinese` of each team answer in Chinese.
    """
    wave = make_wave(make_survey(mode=mode))
    rows = [(f"Team {k}", 0, size + 8) for k, size in enumerate(sizes)]
    _, *teams = make_cells(wave, ("All", None, 0), *rows)
    random = Random(4)
    for team, size in zip(teams, sizes, strict=True):
        for place in range(size):
            answers = plausible(wave, random)
            for at, item in enumerate(wave.form.asked().items):
                if (at + place) % 4 == 0:
                    answers[at] = random.randint(item.low, item.high)
            language = "zh-hans" if place < chinese else "en"
            answer_in(wave, team, answers, language=language)
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related("survey", "form").get(pk=wave.pk)


def rows_of(wave: Wave, seed: int = 1) -> DataSet:
    with organization_scope(wave.organization_id):
        return microdata_of(wave, seed=seed)


def refusal(wave: Wave) -> str:
    with pytest.raises(NotExportable) as refused:
        rows_of(wave)
    assert refused.value.sentence.text("zh-hans")
    return refused.value.sentence.code


def raw(data: DataSet) -> list[tuple[int, ...]]:
    names = [one.name for one in data.variables if one.role == "raw"]
    return list(zip(*(data.column(name).tolist() for name in names), strict=True))


def stored(wave: Wave) -> list[tuple[int, ...]]:
    with (
        organization_scope(wave.organization_id),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT answers FROM surveys_response WHERE wave_id = %s ORDER BY id",
            [wave.pk],
        )
        return [tuple(answers) for (answers,) in cursor.fetchall()]


def test_a_released_wave_becomes_one_file_of_shuffled_rows() -> None:
    wave = varied_wave()
    assert refusal(wave) == "microdata_no_release"
    release = publish(wave)
    assert release.state == "published"
    data = rows_of(wave)
    answers = stored(wave)
    assert data.rows == len(answers) == sum(SIZES)
    # every answer is there once, in another order than that of the keys
    assert Counter(raw(data)) == Counter(answers)
    assert raw(data) != answers
    # another seed is another order of the same rows with the same groups
    other = rows_of(wave, seed=2)
    assert raw(other) != raw(data)
    assert other.variables == data.variables
    assert raw(rows_of(wave)) == raw(data)
    # nothing that could say who it was
    roles = {one.role for one in data.variables}
    assert roles <= {"segment", "raw", "keyed", "item_score", "scale_score"}
    assert all(one.kind != "text" for one in data.variables)
    # a small team is nowhere named, and what is told is told of five
    segments = [one for one in data.variables if one.role == "segment"]
    for one in segments:
        assert "Team 2" not in {code.text.en for code in one.values}
        assert min(Counter(data.column(one.name).tolist()).values()) >= 5
    codes = [note.code for note in data.notes]
    assert codes[:2] == ["export_missing_codes", "microdata_checked"]
    assert codes[-1] == "microdata_absent"
    assert data.facts["input_sha256"] == release.input_sha256
    assert data.facts["release"] == f"1 {release.digest}"
    assert data.waves[0].rows == data.rows
    for note in data.notes:
        assert note.text("en")
        assert note.text("zh-hans")
    # the scale scores are those of the answers
    score = next(one for one in data.variables if one.role == "scale_score")
    parts = np.array([data.column(name) for name in score.items], dtype=float)
    parts[parts < 0] = np.nan
    assert data.column(score.name) == pytest.approx(np.nanmean(parts, axis=0))


def test_scales_stay_behind_where_small_teams_and_languages_cross(
    tmp_path: Path,
) -> None:
    wave = varied_wave(sizes=(12,) * 8, chinese=4)
    release = publish(wave)
    assert release.state == "published"
    data = rows_of(wave)
    with organization_scope(wave.organization_id):
        form = wave.form.asked()
    (note,) = [one for one in data.notes if one.code == "microdata_no_scales"]
    scored = {item.scale for item in form.scored_items}
    left = {code for code in scored if code in note.text("en")}
    kept = {one.scale for one in data.variables if one.role != "segment"}
    assert left
    assert left | kept == scored
    assert not left & kept
    # every answer to what is there is there, and nobody is told apart too finely
    places = [k for k, item in enumerate(form.items) if item.scale in kept]
    answers = Counter(tuple(row[k] for k in places) for row in stored(wave))
    assert Counter(raw(data)) == answers
    segments = [one for one in data.variables if one.role == "segment"]
    assert "language" not in {one.name for one in segments}
    classes = zip(*(data.column(one.name).tolist() for one in segments), strict=True)
    assert min(Counter(classes).values(), default=5) >= 5
    # the same choice for every seed, and the codebook knows what is not there
    assert rows_of(wave, seed=2).variables == data.variables
    book = codebook_of(data, forms_of([wave]))
    write_json(book, tmp_path / "book.json", language="en")
    said = (tmp_path / "book.json").read_text(encoding="utf-8")
    assert not any(
        f'"{item.code}"' in said for item in form.items if item.scale in left
    )


def test_a_withdrawn_release_lets_no_rows_leave_and_a_second_changes_nothing() -> None:
    wave = varied_wave("confidential")
    first = publish(wave)
    before = rows_of(wave)
    with organization_scope(wave.organization_id):
        assert first.withdraw()
    assert refusal(wave) == "microdata_no_release"
    publish(wave)
    after = rows_of(wave)
    assert raw(after) == raw(before)
    assert after.variables == before.variables
    assert after.facts["release"].startswith("1 ")


def test_rows_and_a_release_that_tells_more_exclude_each_other(
    administrator: Login,
) -> None:
    """Whichever comes first stays; the first release is one of older rules here."""
    wave = varied_wave()
    first = publish(wave)
    make_export(wave, kind="microdata")
    assert publish(wave).state == "published"
    forget_a_piece(administrator, first)
    refused = publish(wave)
    assert refused.state == "refused"
    assert json.loads(refused.reason)["code"] == "release_rows_left"
    assert refusal(wave) == "microdata_other_release"


def forget_a_piece(administrator: Login, release: Release) -> None:
    """Have a release have told one figure less, past the triggers that forbid it."""
    login = {**administrator, "dbname": connections["default"].settings_dict["NAME"]}
    with psycopg.connect(**login) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute(
            "SELECT content FROM analytics_releasepart"
            " WHERE release_id = %s AND name = 'publication'",
            [release.pk],
        ).fetchone()
        assert found is not None
        content = json.loads(found[0])
        content["all"][0]["pieces"].pop()
        connection.execute(
            "UPDATE analytics_releasepart SET content = %s"
            " WHERE release_id = %s AND name = 'publication'",
            [json.dumps(content), release.pk],
        )


def test_rows_do_not_leave_where_answers_changed_after_the_release() -> None:
    wave = varied_wave()
    publish(wave)
    answers = list(stored(wave)[0])
    answer_in(wave, None, answers)
    assert refusal(wave) == "microdata_other_answers"


@pytest.mark.parametrize("mode", ["identified", "open"])
def test_answers_that_may_leave_whole_need_no_such_file(mode: str) -> None:
    wave = make_wave(make_survey(mode=mode))
    assert wave.survey.mode == Survey.Mode(mode)
    assert refusal(wave) == "microdata_whole"


@pytest.mark.parametrize(("n", "code"), [(19, "microdata_few"), (20, "")])
def test_rows_leave_from_twenty_answers(n: int, code: str) -> None:
    wave = varied_wave(sizes=(n,))
    assert publish(wave).state == Release.State.PUBLISHED
    if code:
        assert refusal(wave) == code
    else:
        assert rows_of(wave).rows == 20


def test_rows_of_another_organization_are_not_read() -> None:
    wave = varied_wave()
    publish(wave)
    stranger = make_survey().organization
    with organization_scope(stranger.pk), pytest.raises(NotExportable):
        microdata_of(wave, seed=1)
