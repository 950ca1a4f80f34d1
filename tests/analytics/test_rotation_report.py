"""A wave that leaves items out by plan still has a report of what it asked."""

from random import Random
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.models import Analysis
from surveys import actions
from surveys.collect.intake import Receipt, find_wave, receive
from surveys.definition import FormItem, decode_answers
from surveys.definition.rotation import Rotation, rotated
from surveys.models import Organization, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, brand_form, make_form, make_survey
from tests.jobs import run_waiting_jobs


def point(item: FormItem, level: float, random: Random) -> str:
    exact = item.low + (item.high - item.low) * (level + random.gauss(0, 0.2))
    return str(min(item.high, max(item.low, round(exact))))


def answer(wave: Wave, number: int) -> None:
    asked = find_wave(wave.pk)
    assert asked is not None
    random = Random(3)
    for _ in range(number):
        level = random.random()
        sent = {i.code: point(i, level, random) for i in asked.form.items}
        codes = decode_answers(asked.form, sent)
        stored = receive(asked, key=uuid4(), answers=codes, language="en")
        assert stored is Receipt.STORED


@pytest.mark.parametrize("whole_scales", [True, False])
def test_a_turn_is_analysed_without_what_it_left_out(
    organization: Organization, owner: Client, whole_scales: bool
) -> None:
    survey = make_survey(organization)
    make_form(survey, asks=rotated(brand_form(), Rotation(3, 2, whole_scales)))
    with organization_scope(organization.pk):
        wave = actions.open_wave(survey=survey, at=NOW)
    answer(wave, 60)
    with organization_scope(organization.pk):
        actions.close_wave(wave_id=wave.pk, at=NOW)
        request_analysis(wave=wave, at=timezone.now())
    run_waiting_jobs()
    with organization_scope(organization.pk):
        analysis = Analysis.objects.get(wave=wave)
    assert analysis.status == "done", analysis.failure
    shown = owner.get(reverse("analytics:report", args=[wave.pk]))
    assert shown.status_code == 200
    assert "nan" not in shown.content.decode().lower().split()
