"""One answer's way through the house: the tour for a new engineer.

browser -> surveys/collect (decode, one transaction) -> PostgreSQL -> analytics/responses
(rows to arrays) -> analytics/psychometrics -> analytics/report -> one stored Analysis ->
page and JSON.
"""

import json
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.actions import request_analysis, run_analysis
from analytics.models import Analysis
from surveys import actions, definition
from surveys.models import Organization, QuestionnaireVersion, Response, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    PASSWORD,
    answer_address,
    make_member,
    make_organization,
    publish_library,
)
from trustsurvey.demo import customers


def launch(organization: Organization) -> Wave:
    """Start a survey from the library and open its first wave."""
    publish_library()
    with organization_scope(organization.pk):
        versions = QuestionnaireVersion.objects
        survey = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=versions.get(code="TBE", version=1),
            outcomes=[versions.get(code="OUT-C", version=1)],
            title=definition.Text("Trust in our shop", "对我们店的信任"),
            referent="brand",
            comment=True,
            simulated=True,
            at=timezone.now(),
        )
        return actions.open_wave(survey=survey, at=timezone.now())


def answer_as_respondents_do(client: Client, wave: Wave, *, n: int) -> None:
    with organization_scope(wave.organization_id):
        form = wave.form.asked()
    for customer in customers(form, n=n):
        reply = client.post(
            answer_address(wave, customer.language, key=customer.key),
            definition.encode_answers(form, customer.answers),
        )
        assert reply.status_code == 303


def alpha_by_hand(wave: Wave, scale: str) -> tuple[float, int]:
    """Cronbach's alpha from the stored rows, by its textbook formula, complete rows."""
    with organization_scope(wave.organization_id):
        form = wave.form.asked()
        rows = np.array(list(Response.objects.values_list("answers", flat=True)))
    columns = [j for j, item in enumerate(form.items) if item.scale == scale]
    values = rows[:, columns].astype(float)
    values = values[(values >= 0).all(axis=1)]
    for j, column in enumerate(columns):
        if form.items[column].reverse:
            values[:, j] = 8 - values[:, j]
    k = len(columns)
    shares = values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - shares)), len(values)


def test_answers_become_a_report_that_page_and_api_share(database: None) -> None:
    organization = make_organization()
    make_member(organization)
    wave = launch(organization)
    answer_as_respondents_do(Client(), wave, n=120)

    with organization_scope(organization.pk):
        actions.close_wave(wave_id=wave.pk, at=timezone.now())
        analysis = request_analysis(wave=wave, at=timezone.now())
    run_analysis(organization_id=organization.pk, analysis_id=analysis.pk)
    with organization_scope(organization.pk):
        stored = Analysis.objects.get()
    assert stored.status == Analysis.Status.DONE
    result = json.loads(stored.result)
    assert result["n_rows"] == 120

    # the stored estimate against the textbook formula on the stored rows; few answers
    # are missing, so pairwise and complete rows differ by less than .02
    by_hand, complete = alpha_by_hand(wave, "TBE.H")
    assert 90 < complete <= 120
    stored_alpha = result["scales"]["TBE.H"]["alpha"]["raw"]["estimate"]
    assert stored_alpha == pytest.approx(by_hand, abs=0.02)

    owner = Client()
    assert owner.login(email="owner@example.org", password=PASSWORD)
    page = owner.get(reverse("analytics:report", args=[wave.pk]))
    data = owner.get(reverse("analytics:report-json", args=[wave.pk])).json()
    assert data["scales"]["TBE.H"]["alpha"]["raw"]["estimate"] == stored_alpha
    shown = f"{stored_alpha:.2f}".lstrip("0")
    assert shown in page.content.decode()


def test_running_an_analysis_twice_changes_nothing(database: None) -> None:
    organization = make_organization()
    wave = launch(organization)
    answer_as_respondents_do(Client(), wave, n=30)
    with organization_scope(organization.pk):
        analysis = request_analysis(wave=wave, at=timezone.now())
    keys: list[UUID] = [analysis.pk, analysis.pk]
    results = []
    for key in keys:
        run_analysis(organization_id=organization.pk, analysis_id=key)
        with organization_scope(organization.pk):
            results.append(Analysis.objects.values("result", "seconds").get())
    assert results[0] == results[1]
