"""One row of everything about people, for tests that go through all addresses."""

from uuid import UUID

from django.utils import timezone

from surveys.models import Attribute, Organization, Participant, Unit
from surveys.people import lists
from surveys.tenancy import organization_scope


def people_ids(organization: Organization) -> dict[str, UUID]:
    """Ids by the names of the parameters of addresses."""
    with organization_scope(organization.pk):
        names = {"name_en": "Sales", "name_zh_hans": "销售"}
        unit = Unit.objects.create(organization=organization, code="S", **names)
        attribute = Attribute.objects.create(
            organization=organization, code="site", **names
        )
        person = Participant.objects.create(
            organization=organization, key="1", name="Wu Lan", unit=unit
        )
        people_list = lists.upload(
            organization=organization,
            filename="people.csv",
            size=9,
            chunks=[b"number\n1\n"],
            at=timezone.now(),
        )
    return {
        "unit_id": unit.pk,
        "attribute_id": attribute.pk,
        "participant_id": person.pk,
        "list_id": people_list.pk,
    }
