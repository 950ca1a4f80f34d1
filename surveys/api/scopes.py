"""What a token may be made for, and the roles that may do the same on the pages."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.access import ANALYSTS, EVERYBODY, FIELDWORKERS, OWNERS, READERS
from surveys.models.people import Role


class Scope(models.TextChoices):
    """A group of resources, to read or to write."""

    LIBRARY_READ = "library:read", _("Read the library and the catalogue")
    SURVEYS_READ = "surveys:read", _("Read surveys and waves")
    SURVEYS_WRITE = "surveys:write", _("Create surveys")
    WAVES_WRITE = "waves:write", _("Open, extend, pause and close waves")
    PARTICIPANTS_READ = "participants:read", _("Read people")
    PARTICIPANTS_WRITE = "participants:write", _("Add, change and remove people")
    INVITATIONS_READ = "invitations:read", _("Read what became of invitations")
    INVITATIONS_WRITE = "invitations:write", _("Invite and remind people")
    RESPONSES_READ = "responses:read", _("Read answers of identified and open surveys")
    RESPONSES_WRITE = "responses:write", _("Hand in answers of known people")
    RELEASES_READ = "releases:read", _("Read releases and reports")
    ANALYSES_READ = "analyses:read", _("Read analyses")
    ANALYSES_WRITE = "analyses:write", _("Start analyses")
    EXPORTS_READ = "exports:read", _("Read and download exports")
    EXPORTS_WRITE = "exports:write", _("Ask for exports")
    OUTCOMES_READ = "outcomes:read", _("Read business outcomes and account scores")
    OUTCOMES_WRITE = "outcomes:write", _("Bring business outcomes")
    WEBHOOKS_READ = "webhooks:read", _("Read webhooks and their deliveries")
    WEBHOOKS_WRITE = "webhooks:write", _("Make, change and remove webhooks")


# Who may do it with a browser may do it with a program, and nobody else.
ALLOWED: Final[Mapping[Scope, frozenset[Role]]] = {
    Scope.LIBRARY_READ: EVERYBODY,
    Scope.SURVEYS_READ: READERS | FIELDWORKERS,
    Scope.SURVEYS_WRITE: OWNERS,
    Scope.WAVES_WRITE: FIELDWORKERS,
    Scope.PARTICIPANTS_READ: FIELDWORKERS,
    Scope.PARTICIPANTS_WRITE: OWNERS,
    Scope.INVITATIONS_READ: FIELDWORKERS,
    Scope.INVITATIONS_WRITE: FIELDWORKERS,
    Scope.RESPONSES_READ: ANALYSTS,
    Scope.RESPONSES_WRITE: OWNERS,
    Scope.RELEASES_READ: READERS,
    Scope.ANALYSES_READ: READERS,
    Scope.ANALYSES_WRITE: ANALYSTS,
    Scope.EXPORTS_READ: ANALYSTS,
    Scope.EXPORTS_WRITE: ANALYSTS,
    Scope.OUTCOMES_READ: ANALYSTS,
    Scope.OUTCOMES_WRITE: OWNERS,
    Scope.WEBHOOKS_READ: OWNERS,
    Scope.WEBHOOKS_WRITE: OWNERS,
}
