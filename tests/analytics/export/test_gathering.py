"""Data sets of real waves, held against the stored rows and against the report."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connections

from analytics.export.dataset import DataSet, Role
from analytics.export.gathering import data_set_of
from analytics.export.refusals import NotExportable
from analytics.export.rows import rows_of_block
from analytics.form_plan import plan_of
from analytics.report import build_report
from analytics.responses import (
    LANGUAGE,
    block_codes,
    load_responses,
    load_wave_answers,
    row_blocks,
    scope_connection,
)
from analytics.results import Figure
from analytics.sentences import say
from surveys import definition
from surveys.models import (
    Attribute,
    Invitation,
    Organization,
    Participant,
    Survey,
    Unit,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.analytics.test_criteria import (
    choose,
    give,
    make_known_people,
)
from tests.analytics.test_merging import form_of, versions_by
from tests.factories import (
    brand_form,
    close_for_good,
    every_kind_form,
    make_form,
    make_organization,
    make_response,
    make_responses,
    make_survey,
    make_wave,
    two_brands,
)
from tests.released import answer_in
from tests.surveys.test_criteria import make_criterion

pytestmark = pytest.mark.usefixtures("database")
CODES = {-1, -2, -3}


def exported(*waves: Wave, seed: int = 1, **wanted: Any) -> tuple[DataSet, Any]:
    """Return the data set, and its columns by name as they were read."""
    with organization_scope(waves[0].organization_id):
        found = [
            Wave.objects.select_related("form", "survey").get(pk=wave.pk)
            for wave in waves
        ]
        data = data_set_of(found, seed=seed, **wanted)
        assert data.facts["seed"] == str(seed)  # found out while answers may be read
        return data, {one.name: data.column(one.name) for one in data.variables}


def of_role(data: DataSet, *roles: Role) -> list[Any]:
    return [one for one in data.variables if one.role in roles]


def stored(wave: Wave) -> list[tuple[list[int], str]]:
    """Return the stored rows by another way than ours: an ordinary query."""
    with (
        organization_scope(wave.organization_id),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT answers, language FROM surveys_response WHERE wave_id = %s",
            [wave.pk],
        )
        return list(cursor.fetchall())


def answered(form: definition.Form, n: int) -> Wave:
    """Store n answers to a form, a fifth of them with each code for none."""
    survey = make_survey()
    make_form(survey, asks=form)
    wave = make_wave(survey)
    rng = np.random.default_rng(3)
    for person in range(n):
        answers = [int(rng.integers(i.low, i.high + 1)) for i in form.items]
        for place in np.flatnonzero(rng.random(len(answers)) < 0.2):
            answers[place] = int(rng.integers(-3, 0))
        make_response(wave, answers, language=definition.LANGUAGES[person % 2])
    return wave


def test_every_value_is_that_of_the_stored_row() -> None:
    form = every_kind_form()
    wave = answered(form, 60)
    data, columns = exported(wave)
    raw = of_role(data, "raw")
    assert [one.item for one in raw] == [item.code for item in form.items]
    rows = list(zip(*(columns[one.name].tolist() for one in raw), strict=True))
    languages = [definition.LANGUAGES[at - 1] for at in columns["language"]]
    told = Counter((tuple(answers), language) for answers, language in stored(wave))
    assert Counter(zip(rows, languages, strict=True)) == told
    assert columns["row"].tolist() == list(range(1, 61))
    by_item = {item.code: item for item in form.items}
    for one in of_role(data, "keyed", "item_score"):
        item, values = by_item[one.item or ""], columns[one.item.replace(".", "_")]
        for given, made in zip(values, columns[one.name], strict=True):
            turned = item.low + item.high - given if item.reverse else given
            if given not in CODES:
                assert made == turned
            else:
                assert made == given if one.role == "keyed" else np.isnan(made)
    scored = {item.code for item in form.scored_items}
    assert {one.item for one in of_role(data, "keyed")} == scored


def test_scores_are_naive_means_and_those_of_the_report() -> None:
    form = brand_form()
    wave = answered(form, 90)
    data, columns = exported(wave, raw=False)
    assert not of_role(data, "raw")
    plan = plan_of(form, simulated=False, seed=1)
    with organization_scope(wave.organization_id):
        answers = load_responses(wave, form).data
    report = build_report(answers, plan)
    scores = {one.scale: one for one in of_role(data, "scale_score")}
    assert set(scores) == {scale.code for scale in plan.constructs}
    for code, score in scores.items():
        naive = []
        for person in zip(*(columns[name] for name in score.items), strict=True):
            there = [int(answer) for answer in person if answer > -1]
            enough = len(there) >= max(len(person) / 2, 1)
            naive.append(sum(there) / len(there) if enough else np.nan)
        np.testing.assert_array_equal(columns[score.name], naive)
        assert np.isnan(naive).any()
        mean = report.constructs[code].mean
        assert isinstance(mean, Figure)
        assert np.nanmean(naive) == pytest.approx(mean.estimate, abs=1e-12)


def test_blocks_are_whole_whatever_their_size_and_keep_the_fingerprint() -> None:
    wave = answered(brand_form(), 23)
    form = brand_form()
    with organization_scope(wave.organization_id):
        known = load_wave_answers(wave, form, seed=1)
        data = data_set_of([Wave.objects.get(pk=wave.pk)], seed=1)
        for rows in (1, 7, 23, 100):
            blocks = row_blocks(wave, rows=rows)
            assert sum(block.rows for block in blocks) == 23
            codes = np.concatenate(
                [block_codes(scope_connection(), b, form, [LANGUAGE]) for b in blocks],
                axis=1,
            )
            assert codes[-1].tolist() == known.languages.tolist()
            ordered = load_responses(wave, form).data
            item = form.items[0]
            given = np.where(codes[0] < 0, np.nan, codes[0])
            np.testing.assert_array_equal(
                given, ordered.select([item.code]).values()[:, 0]
            )
        assert data.facts["input_sha256"] == known.sha256
    assert rows_of_block(form) == 16_384


def test_rows_stand_in_an_order_of_the_sites_own() -> None:
    """Not in that of their keys, which stand in addresses; the same in every file."""
    wave = answered(brand_form(), 40)
    read = [exported(wave, seed=seed, keyed=False, scores=False) for seed in (1, 1, 2)]
    raw = [one.name for one in of_role(read[0][0], "raw")]
    first, again, other = (
        np.array([columns[name] for name in raw]).T.tolist() for _, columns in read
    )
    with (
        organization_scope(wave.organization_id),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT answers FROM surveys_response ORDER BY id")
        by_key = [answers for (answers,) in cursor.fetchall()]
    assert first == again
    assert first != other
    assert by_key not in (first, other)
    assert sorted(first) == sorted(other) == sorted(by_key)


def test_what_may_not_leave_says_why(organization: Organization) -> None:
    def refusal(waves: Sequence[Wave]) -> tuple[str, dict[str, Any]]:
        with (
            organization_scope(organization.pk),
            pytest.raises(NotExportable) as refused,
        ):
            data_set_of(waves, seed=1)
        return refused.value.sentence.code, dict(refused.value.sentence.params)

    anonymous = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    make_responses(anonymous, 3)
    close_for_good(anonymous)
    code, params = refusal([anonymous])
    assert code == "export_promised"
    assert params == {"mode": say("file_mode_anonymous").as_text(), "wave": 1}
    running = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    assert refusal([running]) == ("export_running", {"wave": 1})
    empty = make_wave(make_survey(organization))
    assert refusal([empty]) == ("export_empty", {})
    assert refusal([]) == ("export_no_wave", {})
    assert refusal([empty, running]) == ("export_other_survey", {})


def test_answers_that_come_while_they_are_read_are_no_part_of_a_file(
    organization: Organization,
) -> None:
    wave = make_wave(make_survey(organization))
    make_responses(wave, 3)
    with organization_scope(organization.pk):
        data = data_set_of([wave], seed=1)
    last = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")
    answer_in(wave, None, [4] * wave.form.item_count, key=last)
    with organization_scope(organization.pk), pytest.raises(NotExportable) as refused:
        list(data.blocks())
    assert refused.value.sentence.code == "export_changed"


# ----------------------------------------------------------------- identified surveys


def known_people(organization: Organization) -> tuple[Wave, dict[str, list[int]]]:
    """Store a closed wave of 18 people in three units, who answer 1 to 18 in base 7."""
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    wave = make_wave(survey)
    told: dict[str, list[int]] = {}
    with organization_scope(organization.pk):
        Attribute.objects.create(
            organization=organization, code="site", name_en="Site", name_zh_hans="地点"
        )
        top = _unit(organization, "HQ", None)
        units = [_unit(organization, "Sales", top), _unit(organization, "Shop", top)]
        for number in range(24):
            unit = top if number >= 20 else units[number % 4 == 0]
            person = Participant.objects.create(
                organization=organization,
                key=f"{number:05}" if number % 9 else "",
                email=f"p{number}@example.org",
                unit=None if number == 23 else unit,
                attributes={"site": f"=S{number % 3}"} if number % 2 else {},
            )
            asked = Invitation.objects.create(
                organization=organization,
                wave=wave,
                participant=person,
                channel="email",
            )
            told[str(asked.pk)] = [number // 7 + 1, number % 7 + 1] + [4] * 27
    for key, answers in list(told.items()):
        if answers[0] < 4 and key != list(told)[1]:
            answer_in(wave, None, answers, key=UUID(key))
    close_for_good(wave)
    return wave, told


def _unit(organization: Organization, name: str, above: Unit | None) -> Unit:
    return Unit.objects.create(
        organization=organization,
        code=name,
        name_en=name,
        name_zh_hans=f"{name}部",
        parent=above,
    )


def test_who_is_known_keeps_number_unit_and_attributes(
    organization: Organization,
) -> None:
    wave, told = known_people(organization)
    data, columns = exported(wave, keyed=False, scores=False)
    assert len(columns["row"]) == 20
    items = of_role(data, "raw")[:2]
    numbers = [
        int(7 * (a - 1) + b - 1)
        for a, b in zip(*(columns[one.name] for one in items), strict=True)
    ]
    labels = {one.value: one.text.en for one in _variable(data, "unit").values}
    assert sorted(labels.values()) == ["HQ", "HQ / Sales", "HQ / Shop"]
    for at, number in enumerate(numbers):
        assert columns["participant"][at] == (f"{number:05}" if number % 9 else None)
        assert columns["site"][at] == (f"=S{number % 3}" if number % 2 else None)
        unit = (
            "HQ" if number >= 20 else "HQ / Shop" if number % 4 == 0 else "HQ / Sales"
        )
        assert labels[columns["unit"][at]] == unit
    assert data.facts["mode"] == "identified"
    # no key of an answer, of an invitation or of a person leaves
    said = repr([column.tolist() for column in columns.values()])
    assert not any(key in said or key.replace("-", "") in said for key in told)
    assert "example.org" not in said


def test_weights_are_invited_over_answered(organization: Organization) -> None:
    wave, _ = known_people(organization)
    data, columns = exported(wave, keyed=False, scores=False)
    labels = {one.value: one.text.en for one in _variable(data, "unit").values}
    strata = [
        {"HQ / Sales": "sales", "HQ / Shop": "shop"}.get(labels[at], "rest")
        for at in columns["unit"]
    ]
    n = Counter(strata)
    invited = {"sales": 15, "shop": 5, "rest": 4}
    told = [invited[one] / 24 / (n[one] / 20) for one in strata]
    np.testing.assert_allclose(columns["weight"], told, rtol=1e-12)
    assert columns["weight"].mean() == pytest.approx(1)


def test_outcomes_stand_beside_the_person_they_belong_to() -> None:
    wave = make_known_people(8)
    spend = make_criterion(wave.organization, "SPEND", "number")
    choose(wave, "last", first=2)
    for place, day in enumerate((-31, -30, 0, 1, 2, 30, 31)):
        give(wave, spend, f"C-{place}", day, 100.0 + place)
    data, columns = exported(wave, keyed=False, scores=False)
    assert [one.name for one in of_role(data, "criterion")] == ["SPEND", "SPEND_before"]
    for name, told in (("SPEND", (4, 5)), ("SPEND_before", (1, 2))):
        found = dict(zip(columns["participant"], columns[name], strict=True))
        known = {key: one for key, one in found.items() if not np.isnan(one)}
        assert known == {f"C-{place}": 100.0 + place for place in told}


def _variable(data: DataSet, name: str) -> Any:
    return next(one for one in data.variables if one.name == name)


# --------------------------------------------------------------- waves, forms, devices


def test_waves_of_several_versions_are_merged_by_lineage(
    organization: Organization,
) -> None:
    versions = versions_by(["rename", "add"])
    survey = make_survey(organization)
    waves = []
    for number, version in enumerate(versions, start=1):
        make_form(survey, number=number, asks=form_of(version))
        waves.append(make_wave(survey))
        make_responses(waves[-1], 10 + number)
        close_for_good(waves[-1])
    data, columns = exported(*reversed(waves))
    assert [one.rows for one in data.waves] == [11, 12, 13]
    assert columns["wave"].tolist() == [1] * 11 + [2] * 12 + [3] * 13
    assert data.waves[0].lineage["ALL_R2"] == "ALL.T1"
    assert set(columns["ALL_N3"][:23]) == {-3}
    assert "ALL_N3" in data.waves[0].absent
    assert -3 not in columns["ALL_N3"][23:]
    renamed = Counter(columns["ALL_R2"][:11].tolist())
    assert renamed == Counter(answers[0] for answers, _ in stored(waves[0]))
    # the scale has another item in the third wave: another score
    first, last = (
        next(one for one in of_role(data, "scale_score") if len(one.items) == size)
        for size in (4, 5)
    )
    assert not np.isnan(columns[first.name][:23]).any()
    assert np.isnan(columns[first.name][23:]).all()
    assert np.isnan(columns[last.name][:23]).all()
    assert first.note is not None
    assert last.name in first.note.en
    assert "export_merged" in {note.code for note in data.notes}


def test_scores_of_two_brands_say_which(organization: Organization) -> None:
    wave = answered(two_brands(), 20)
    data, columns = exported(wave)
    labels = [one.label.en for one in of_role(data, "scale_score")]
    assert (
        len(labels)
        == len(set(labels))
        == len([scale for scale in two_brands().scales if scale.scored])
    )
    assert sum(label.endswith(": Rival Tea") for label in labels) > 3
    assert {len(column) for column in columns.values()} == {20}
    names = [one.name.casefold() for one in data.variables]
    assert len(set(names)) == len(names)


def test_devices_that_link_waves_have_numbers(organization: Organization) -> None:
    survey = make_survey(organization)
    with organization_scope(organization.pk):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
        survey.refresh_from_db()
    waves: list[Wave] = []
    # person -> waves; the third lets nothing be linked
    for person in ((b"a", b"b", None), (b"b", b"c", None)):
        make_form(survey, number=len(waves) + 1)
        wave = make_wave(survey)
        waves.append(wave)
        for place, one in enumerate(person, start=1):
            pseudonym = None if one is None else one * 32
            answer_in(wave, None, [place] * wave.form.item_count, pseudonym=pseudonym)
        close_for_good(wave)
    data, columns = exported(*waves, keyed=False, scores=False)
    item = of_role(data, "raw")[0].name
    found = {
        (int(wave), int(place)): int(link)
        for wave, place, link in zip(
            columns["wave"], columns[item], columns["device_link"], strict=True
        )
    }
    assert found[1, 2] == found[2, 1]
    assert found[1, 3] == found[2, 3] == -1
    assert {found[1, 1], found[1, 2], found[2, 2]} == {1, 2, 3}


def test_another_organization_reads_nothing(organization: Organization) -> None:
    wave = make_wave(make_survey(organization))
    make_responses(wave, 3)
    close_for_good(wave)
    other = make_organization("Elsewhere")
    with organization_scope(organization.pk):
        wave = Wave.objects.select_related("form", "survey").get(pk=wave.pk)
        wave.form.asked()
    with organization_scope(other.pk), pytest.raises(NotExportable):
        data_set_of([wave], seed=1)
