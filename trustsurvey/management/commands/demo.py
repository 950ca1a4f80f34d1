"""Run the demo study once: answers over HTTP, wave closed, analysis, result printed."""

import json
import secrets
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.models import Analysis, Release
from analytics.publishing import request_release
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
from trustsurvey.demo_fieldwork import field_pulse

Found = TypeVar("Found")

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
            brand = Survey.objects.filter(title_en=TITLE.en)
            survey = brand.first() or _start(organization_id)
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
        pulse = field_pulse(
            organization_id,
            site=options["site"],
            now=timezone.now(),
            say=self.stdout.write,
        )
        for one in pulse.waves:
            _released(organization_id, one)
        for line in (
            "",
            report_in_brief(report, "en"),
            f"Drawn by seed {SEED} from the model stated in trustsurvey/demo.py.",
            f"The whole report: {options['site']}/waves/{wave.pk}/report/",
            *(
                f"Wave {one.number} of a team-trust pulse:"
                f" {options['site']}/waves/{one.pk}/report/"
                for one in pulse.waves[-1:]
            ),
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


def _released(organization_id: UUID, wave: Wave) -> None:
    """Wait for the release of a wave, so that the next one can look back at it."""

    def found() -> Release | None:
        release = wave.releases.newest_first().first() or request_release(
            wave=wave, at=timezone.now()
        )
        if release.state in {Release.State.REFUSED, Release.State.FAILED}:
            raise CommandError(f"The demo's release was not made: {release.reason}")
        return release if release.state == Release.State.PUBLISHED else None

    _awaited(organization_id, found, "release")


def _analysed(organization_id: UUID, wave: Wave) -> Analysis:
    """Ask for the analysis if nobody has, and wait for the worker to finish it."""

    def found() -> Analysis | None:
        analysis = wave.analyses.newest_first().first() or request_analysis(
            wave=wave, at=timezone.now()
        )
        if analysis.status == Analysis.Status.FAILED:
            raise CommandError(f"The demo's analysis failed: {analysis.failure}")
        return analysis if analysis.status == Analysis.Status.DONE else None

    return _awaited(organization_id, found, "analysis")


def _awaited(
    organization_id: UUID, found: Callable[[], Found | None], name: str
) -> Found:
    """Ask again and again until there is something; the worker is making it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with organization_scope(organization_id):
            if (one := found()) is not None:
                return one
        time.sleep(0.2)
    raise CommandError(
        f"The demo's {name} was not done after {PATIENCE:.0f} seconds: is the"
        " background worker running?"
    )
