"""People who are asked by mail, for tests: a tree of units, and a wave of them."""

import secrets
from collections.abc import Sequence

from surveys.fieldwork.inviting import invite
from surveys.launching import open_prepared
from surveys.models import (
    Invitation,
    Message,
    Organization,
    Participant,
    Survey,
    Unit,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey


def make_unit(
    organization: Organization, code: str, parent: Unit | None = None
) -> Unit:
    with organization_scope(organization.pk):
        return Unit.objects.create(
            organization=organization,
            code=code,
            name_en=f"Team {code}",
            name_zh_hans=f"团队{code}",
            parent=parent,
        )


def make_people(
    organization: Organization,
    number: int,
    *,
    unit: Unit | None = None,
    language: str = "en",
) -> list[Participant]:
    with organization_scope(organization.pk):
        return Participant.objects.bulk_create(
            Participant(
                organization=organization,
                email=f"{secrets.token_hex(6)}@example.org",
                name=f"Person {place}",
                unit=unit,
                language=language,
            )
            for place in range(number)
        )


def make_asked(
    mode: str = Survey.Mode.ANONYMOUS,
    teams: Sequence[int] = (22,),
    *,
    language: str = "en",
    opened: bool = True,
) -> Wave:
    """A wave for teams below one department, everybody of whom has an address."""
    survey = make_survey(mode=mode)
    make_form(survey)
    top = make_unit(survey.organization, "top")
    people = [
        one
        for place, size in enumerate(teams)
        for one in make_people(
            survey.organization,
            size,
            unit=make_unit(survey.organization, str(place), top),
            language=language,
        )
    ]
    with organization_scope(survey.organization_id):
        wave = invite(survey=survey, people=people, at=NOW)
    if opened:
        open_prepared(wave.organization_id, wave.pk)
    return read(wave)


def read(wave: Wave) -> Wave:
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related(
            "survey__organization", "form", "promise"
        ).get(pk=wave.pk)


def invitations(wave: Wave) -> list[Invitation]:
    with organization_scope(wave.organization_id):
        found = Invitation.objects.filter(wave=wave).select_related(
            "participant", "cell"
        )
        return list(found.order_by("pk"))


def messages(wave: Wave, **which: object) -> list[Message]:
    with organization_scope(wave.organization_id):
        found = Message.objects.filter(wave=wave, **which)
        return list(found.select_related("invitation__participant").order_by("pk"))
