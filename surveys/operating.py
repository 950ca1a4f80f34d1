"""What the operator of a site does, as the owning role: above the organizations."""

from pathlib import Path

from django.db import transaction

from surveys import definition
from surveys.definition.library import FOLDER, read_shipped
from surveys.models import (
    ManagedUnit,
    Membership,
    Organization,
    QuestionnaireVersion,
    User,
)
from surveys.models.people import Role, UserManager


class PublishedVersionChanged(Exception):
    """A published version never changes: give the changed file the next number."""


class SeveralOrganizations(Exception):
    """More than one organization has this name: rename one of them first."""


@transaction.atomic(using="owner")
def add_member(
    *, email: str, password: str | None, organization_name: str, role: Role
) -> Membership:
    """Let a person work in an organization; makes either where it is missing.

    An operator's act, as the owning role: it stands above the organizations.

    Raises
    ------
    SeveralOrganizations
        The name does not say which organization is meant.
    """
    organizations = Organization.objects.using("owner").filter(name=organization_name)
    if organizations.count() > 1:
        raise SeveralOrganizations(
            f"{organizations.count()} organizations are called {organization_name}:"
            " rename one of them first."
        )
    organization = organizations.first() or organizations.create(name=organization_name)
    users = User.objects.using("owner")
    user = users.filter(email__iexact=email).first()
    if user is None:
        user = User(email=UserManager.normalize_email(email))
        user.set_password(password)
        user.save(using="owner")
    if role != Role.MANAGER:
        # only managers have units; the key of the table says so
        held = ManagedUnit.objects.using("owner").filter(organization=organization)
        held.filter(membership__user=user).delete()
    member, _ = Membership.objects.using("owner").update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    return member


@transaction.atomic(using="owner")
def publish_library() -> list[QuestionnaireVersion]:
    """Put the shipped questionnaires into the database, once a version.

    Raises
    ------
    PublishedVersionChanged
        A file says something else than the version of that number that was published.
    """
    return [_publish(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _publish(path: Path) -> QuestionnaireVersion:
    source = path.read_text(encoding="utf-8")
    read = read_shipped(path)
    published, created = QuestionnaireVersion.objects.using("owner").get_or_create(
        organization=None,
        code=read.code,
        version=read.version,
        defaults={
            "kind": read.kind,
            "evidence_level": read.evidence_level,
            "source": source,
            "digest": definition.digest(read),
        },
    )
    if not created and published.digest != definition.digest(read):
        raise PublishedVersionChanged(
            f"{path.name} differs from the published version {read.version} of"
            f" {read.code}: a published version never changes, so raise its number."
        )
    return published
