"""Keys of programs, and the replies kept for requests that are sent twice."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from surveys.models.people import Membership, Organization

SCOPES = (
    "library:read",
    "surveys:read",
    "surveys:write",
    "waves:write",
    "participants:read",
    "participants:write",
    "invitations:read",
    "invitations:write",
    "responses:read",
    "responses:write",
    "releases:read",
    "analyses:read",
    "analyses:write",
    "exports:read",
    "exports:write",
    "outcomes:read",
    "outcomes:write",
    "webhooks:read",
    "webhooks:write",
)
MOST_KEY = 200  # characters of an Idempotency-Key


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable_on(self, day: date) -> Self:
        """Tokens that are neither revoked nor past their last day."""
        alive = self.filter(revoked_at=None)
        return alive.filter(Q(expires_on=None) | Q(expires_on__gte=day))

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "id")


class ApiToken(models.Model):
    """The right of one program to act for the member who made it.

    Only a hash of the secret is kept. Nothing but the day of its last use and its
    revocation ever changes (trigger in migration 0018).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, membership): migration 0018
    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        related_name="tokens",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=30))
    made_at = models.DateTimeField()
    # the last day on which it is taken
    expires_on = models.DateField(null=True, blank=True)
    # a day says whether it is still needed, and not what it is used for
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="api_token_key_of_organization"
            ),
            models.UniqueConstraint(fields=["digest"], name="api_token_digest_unique"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="api_token_digest_is_sha256",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="api_token_has_a_name"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(SCOPES)),
                name="api_token_scopes_known",
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gte=1), name="api_token_is_for_something"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")),
                name="api_token_revoked_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_usable_on(self, day: date) -> bool:
        return self.revoked_at is None and (
            self.expires_on is None or self.expires_on >= day
        )


class KeptReply(models.Model):
    """What a request with an Idempotency-Key was answered; the same one gets it again.

    `holder` is the token, or the membership of somebody signed in. Answers of
    respondents are never kept here: they carry a time nowhere.
    """

    pk = models.CompositePrimaryKey("organization_id", "holder", "key")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    holder = models.UUIDField()
    key = models.CharField(max_length=MOST_KEY)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(request_sha256__regex=r"^[0-9a-f]{64}$"),
                name="kept_reply_request_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(status__gte=200, status__lt=300),
                name="kept_reply_is_of_something_done",
            ),
            models.CheckConstraint(
                condition=~Q(key=""), name="kept_reply_key_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.key}"
