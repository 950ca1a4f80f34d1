"""Run the demo study once: answers over HTTP, wave closed, analysis, result printed."""

import json
import secrets
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.models import Analysis
from analytics.report import Report
from analytics.terminal import report_in_brief
from surveys import actions, definition
from surveys.collect import keys
from surveys.models import (
    Membership,
    Organization,
    QuestionnaireVersion,
    Survey,
    User,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope, set_local
from trustsurvey.demo import CUSTOMERS, SEED, customers

EMAIL = "demo@example.org"
TITLE = definition.Text("Do customers trust Harbour Tea?", "顾客信任港湾茶吗？")
BRAND = definition.Text("Harbour Tea", "港湾茶")
PATIENCE = 180.0  # seconds until the analysis must be done


class Command(BaseCommand):
    help = "Simulate a brand-trust study through the running site (once) and show it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        organization_id = _demo_organization()
        with organization_scope(organization_id):
            survey = Survey.objects.first() or _start(organization_id)
            wave = survey.waves.order_by("number").first() or actions.open_wave(
                survey=survey, at=timezone.now()
            )
            form = wave.form.asked()
        if wave.is_open:
            self.stdout.write(
                f"Demo: {CUSTOMERS} simulated customers answer through the intake ..."
            )
            _send(options["site"], wave.pk, form)
            with organization_scope(organization_id):
                actions.close_wave(wave_id=wave.pk, at=timezone.now())
        analysis = _analysed(organization_id, wave)
        open_wave = _open_wave(organization_id, survey)
        report = Report.from_json(json.loads(analysis.result))
        for line in (
            "",
            report_in_brief(report, "en"),
            f"Drawn by seed {SEED} from the model stated in trustsurvey/demo.py.",
            f"The whole report: {options['site']}/waves/{wave.pk}/report/",
            f"Sign-in: {EMAIL}  password: {_password()}",
            f"Answer it yourself: {options['site']}/s/{open_wave.pk}/",
        ):
            self.stdout.write(line)


def _open_wave(organization_id: UUID, survey: Survey) -> Wave:
    """Return the wave that visitors may answer, after that of the simulated answers."""
    with organization_scope(organization_id):
        found = survey.waves.filter(state=Wave.State.OPEN).first()
        return found or actions.open_wave(survey=survey, at=timezone.now())


def _demo_organization() -> UUID:
    """Return the organization of the demo's member; made on the first run."""
    member = User.objects.filter(email=EMAIL).first()
    if member is None:
        member = User.objects.create_user(EMAIL, _password())
    with organization_scope(UUID(int=0)):
        set_local("trustsurvey.member", str(member.pk))
        membership = Membership.objects.filter(user=member).first()
        if membership is not None:
            return membership.organization_id
    organization = Organization(name="Harbour Tea (demo)")
    with organization_scope(organization.pk):
        organization.save(force_insert=True)
        Membership.objects.create(
            organization=organization, user=member, role=Role.OWNER
        )
    return organization.pk


def _password() -> str:
    """Password of the demo's member: random, made once, kept in the state folder."""
    path = Path(settings.VAR_DIR) / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text()


def _start(organization_id: UUID) -> Survey:
    versions = QuestionnaireVersion.objects
    return actions.start_survey(
        key=uuid4(),
        organization=Organization.objects.get(pk=organization_id),
        questionnaire=versions.get(code="TBE", version=1),
        # nine questions suffice to show a report; version 2 asks twenty-two
        outcomes=[versions.get(code="OUT-C", version=1)],
        title=TITLE,
        referent=BRAND,
        comment=True,
        simulated=True,
        at=timezone.now(),
    )


def _send(site: str, wave_id: UUID, form: definition.Form) -> None:
    """Post every answer to the respondents' address; sending again stores once."""
    host = urlsplit(site).netloc
    connection = HTTPConnection(host, timeout=30)
    for customer in customers(form):
        fields = definition.encode_answers(form, customer.answers)
        if customer.comment:
            fields["comment"] = customer.comment
        connection.request(
            "POST",
            f"/s/{wave_id}/{customer.language}/?r={keys.signed(wave_id, customer.key)}",
            body=urlencode(fields),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
        )
        response = connection.getresponse()
        reply = response.read().decode()
        if response.status not in {200, 201}:
            raise CommandError(
                f"The intake answered {response.status} to a demo answer: {reply[:200]}"
            )
    connection.close()


def _analysed(organization_id: UUID, wave: Wave) -> Analysis:
    """Ask for the analysis if nobody has, and wait for the worker to finish it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with organization_scope(organization_id):
            analysis = wave.analyses.newest_first().first() or request_analysis(
                wave=wave, at=timezone.now()
            )
        if analysis.status == Analysis.Status.FAILED:
            raise CommandError(f"The demo's analysis failed: {analysis.failure}")
        if analysis.status == Analysis.Status.DONE:
            return analysis
        time.sleep(0.2)
    raise CommandError(
        f"The demo's analysis was not done after {PATIENCE:.0f} seconds: is the"
        " background worker running?"
    )
