"""One row of everything about outcomes and webhooks, for tests of all addresses."""

from uuid import UUID, uuid4

from surveys.criteria import files
from surveys.models import Criterion, EventKind, Organization, Survey, Wave
from surveys.tenancy import organization_scope
from surveys.webhooks import endpoints
from surveys.webhooks.emitting import emit_test
from tests.factories import (
    NOW,
    close_for_good,
    make_responses,
    make_survey,
    make_wave,
)


def outcome_ids(wave: Wave) -> dict[str, UUID]:
    """Ids by the names of the parameters of addresses."""
    with organization_scope(wave.organization_id):
        organization = wave.organization
        criterion = Criterion.objects.create(
            organization=organization,
            code="REPURCHASE",
            name_en="Bought again",
            name_zh_hans="再次购买",
            kind="binary",
            direction="more",
        )
        kept = files.upload(
            organization=organization,
            filename="values.csv",
            data=b"number,date,REPURCHASE\n1,2026-01-01,1\n",
            at=NOW,
        )
    return {"criterion_id": criterion.pk, "values_id": kept.pk}


def identified_ids(organization: Organization) -> dict[str, UUID]:
    """A survey of known people whose wave has ended with answers."""
    wave = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    make_responses(wave, 6)
    close_for_good(wave)
    return {"survey_id": wave.survey_id, "wave_id": wave.pk}


def webhook_ids(organization: Organization) -> dict[str, UUID]:
    with organization_scope(organization.pk):
        endpoint, _ = endpoints.create(
            organization_id=organization.pk,
            url=f"https://{uuid4()}.example.org/",
            name="CRM",
            kinds=[EventKind.WAVE_CLOSED],
            at=NOW,
        )
        delivery = emit_test(endpoint, at=NOW)
    return {"endpoint_id": endpoint.pk, "delivery_id": delivery.pk}
