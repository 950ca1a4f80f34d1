"""Who calls: a program with a token, or somebody signed in with a browser."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.exceptions import PermissionDenied as Refused
from rest_framework.request import Request

from surveys.access import EVERYBODY, MemberRequest, enter_organization
from surveys.models import ApiToken, Membership, User
from surveys.tenancy import set_local

PREFIX: Final = "tst_"
LONGEST: Final = 100  # characters of an Authorization header that is looked at


def make_token(
    *,
    membership: Membership,
    name: str,
    scopes: Sequence[str],
    at: datetime,
    expires_on: date | None,
) -> tuple[ApiToken, str]:
    """Store a new token; return it and its secret, which is nowhere else."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organization_id=membership.organization_id,
        membership=membership,
        name=name,
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        made_at=at,
        expires_on=expires_on,
    )
    return token, secret


def digest_of(secret: str) -> str:
    """Hash a secret; of 256 random bits a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer tst_...`; opens the scope of the token's organization."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        kind, _space, secret = header.partition(" ")
        if kind.lower() != "bearer":
            return None
        token = _token_of(secret.strip())
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, revoked or past its last day.")
            )
        _enter(request, token)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _token_of(secret: str) -> ApiToken | None:
    if len(secret) > LONGEST or not secret.isascii():
        return None
    digest = digest_of(secret)
    set_local("trustsurvey.token", digest)
    token = ApiToken.objects.filter(digest=digest).first()
    today = timezone.now().date()
    return token if token is not None and token.is_usable_on(today) else None


def _enter(request: Request, token: ApiToken) -> None:
    """See the rows of its organization; remember the day it was used."""
    set_local("trustsurvey.organization", str(token.organization_id))
    membership = Membership.objects.select_related("user").get(pk=token.membership_id)
    token.membership = membership
    if not membership.user.is_active:
        raise AuthenticationFailed(_("Whoever made this token has left."))
    cast(MemberRequest, request._request).membership = membership
    today = timezone.now().date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).exclude(last_used_on=today).update(
            last_used_on=today
        )


class MemberAuthentication(SessionAuthentication):
    """Somebody signed in; what changes anything needs the CSRF token of a page."""

    def authenticate(self, request: Request) -> Any:
        if request.META.get("HTTP_AUTHORIZATION"):
            return None  # a program that failed is not taken for the person beside it
        found = super().authenticate(request)
        if found is None:
            return None
        member = cast(MemberRequest, request._request)
        try:
            member.membership = enter_organization(found[0], EVERYBODY)
        except PermissionDenied as refusal:
            raise Refused(str(refusal)) from None
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except Refused:
            raise Refused(
                _("This page was too old: send X-CSRFToken, or a token of the API.")
            ) from None
