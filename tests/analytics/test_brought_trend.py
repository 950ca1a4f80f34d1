"""Past waves that were brought from elsewhere stand in the trend of their survey."""

import json
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from analytics import plain
from analytics.models import Release, ReleasePart
from analytics.publishing import publish_due
from analytics.release_parts import SegmentsPart
from analytics.release_sections.trend import _Maker
from analytics.trend import TrendPart
from analytics.trend_charts import trend_chart
from surveys.brought import files
from surveys.brought.days import number_of
from surveys.definition import Form
from surveys.fieldwork.cells import key_of_unit
from surveys.models import AnswerFile, Survey, Unit, Wave
from surveys.tenancy import organization_scope
from tests.analytics.test_publishing import plausible
from tests.factories import close_for_good, make_survey, make_wave
from tests.jobs import run_waiting_jobs
from tests.released import answer_in, make_cells
from tests.surveys import brought_samples as samples

pytestmark = pytest.mark.usefixtures("database")


def team(survey: Survey) -> Unit:
    with organization_scope(survey.organization_id):
        return Unit.objects.create(
            organization_id=survey.organization_id,
            code="S-1",
            name_en="Sales",
            name_zh_hans="销售部",
        )


def collected(survey: Survey, unit: Unit) -> Wave:
    """A wave in which fourteen people of one team answered."""
    wave = make_wave(survey)
    _, sales = make_cells(
        wave, ("All", None, 0), ("Sales", 0, 20, key_of_unit(unit.pk))
    )
    random = Random(2)
    for _ in range(14):
        answer_in(wave, sales, plausible(wave, random))
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related("survey", "form").get(pk=wave.pk)


def bring(survey: Survey, form: Form) -> None:
    """Two past waves of ten people each, as the page would store them."""
    rows = samples.answers_of(form, 20)
    head = ["team", "day", *(item.code for item in form.items)]
    lines = [
        ["S-1", f"2024-{3 if at < 10 else 9:02}-{at + 1:02}", *row]
        for at, row in enumerate(rows)
    ]
    with organization_scope(survey.organization_id):
        frozen = survey.forms.get()
        said = {
            "language": "en",
            "simulated": False,
            "promised": "anonymous",
            "sample": "Everyone in the sales team.",
            "first": "",
            "last": "",
        }
        values = {"survey": survey, "form": frozen, "said": said}
        file = files.upload(
            files.Whither(survey.organization, values),
            filename="past.csv",
            size=1,
            chunks=[samples.table([head, *lines])],
            at=timezone.now(),
        )
        files.request_check(file, at=timezone.now())
        assert files.request_import(file, at=timezone.now())
        file.refresh_from_db()
        assert file.state == AnswerFile.State.DONE, file.failure


def trend_of(survey: Survey) -> tuple[Release, dict[str, TrendPart], SegmentsPart]:
    with organization_scope(survey.organization_id):
        release = Release.objects.filter(wave__number=1).latest("number")
        stored = {
            part.name: json.loads(part.content)
            for part in ReleasePart.objects.filter(release=release)
        }
    trends = {
        name: plain.from_plain(TrendPart, one)
        for name, one in stored.items()
        if name.startswith("trend")
    }
    return release, trends, plain.from_plain(SegmentsPart, stored["segments"])


def test_past_waves_join_the_trend_of_everyone_and_of_a_team() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    unit = team(survey)
    wave = collected(survey, unit)
    publish_due(timezone.now())
    run_waiting_jobs()
    assert trend_of(survey)[1]["trend"].waves == (1,)
    bring(survey, wave.form.asked())
    publish_due(timezone.now())
    run_waiting_jobs()
    release, trends, segments = trend_of(survey)
    # the newest report was made again, once for both
    assert release.number == 2
    past = [
        number_of(datetime(2024, *day, tzinfo=UTC).date()) for day in [(3, 10), (9, 20)]
    ]
    everyone = trends["trend"]
    assert everyone.waves == (*past, 1)
    code = next(iter(everyone.scales))
    points = everyone.scales[code].points
    assert [one.mean is not None for one in points] == [True] * 3
    assert [one.joined for one in points] == [False, True, True]
    assert everyone.scales[code].step.since == past[1]
    assert trends[f"trend/unit:{key_of_unit(unit.pk)}"].waves == (*past, 1)
    _said(everyone, segments, code)


def _said(part: TrendPart, segments: SegmentsPart, code: str) -> None:
    """What the page says of them, in both languages."""
    for language, mark in (("en", "brought from elsewhere"), ("zh-hans", "外部导入")):
        maker = _Maker(part, segments, frozenset(), language, False)
        table = maker._waves(code, part.scales[code])
        assert mark in table.rows[0][0].text
        assert "2024-03-10" in table.rows[0][0].text
        assert mark not in table.rows[2][0].text
        lines = [*maker._axes()]
        assert any("2024-03-10, 2024-09-20" in line for line in lines)
        assert any("2024-09-20" in said.text for said in maker._steps())
        chart = trend_chart(
            part,
            code,
            segments.scales[code],
            outcome=False,
            domain=(1, 7),
            table=table,
            language=language,
        )
        assert "2024-03-10" in chart.description
        assert "'2024-03','2024-09','1'" in json.dumps(chart.wide)


def test_a_past_wave_keeps_small_groups_hidden() -> None:
    """The rules of an anonymous survey hold for answers from elsewhere."""
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    unit = team(survey)
    wave = collected(survey, unit)
    bring(survey, wave.form.asked())
    with organization_scope(survey.organization_id):
        brought = Wave.objects.filter(number__lt=0).first()
        assert brought is not None
        assert not Release.objects.exists()
        assert brought.survey.only_releases
        assert brought.promise.least_for_scores >= 5
        wave_id: UUID = brought.pk
    publish_due(timezone.now())
    run_waiting_jobs()
    with organization_scope(survey.organization_id):
        release = Release.objects.get(wave_id=wave_id)
        part = ReleasePart.objects.get(release=release, name="segments")
        told = plain.from_plain(SegmentsPart, json.loads(part.content))
    assert {one.invited for one in told.segments} == {None}
    assert {one.rate for one in told.segments} == {None}
