"""Who may open which page, and in whose name the database answers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from surveys.models import Membership, User
from surveys.models.people import Role
from surveys.tenancy import set_local

P = ParamSpec("P")

EVERYBODY = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
ANALYSTS = frozenset({Role.OWNER, Role.ANALYST})
READERS = ANALYSTS | {Role.AUDITOR}
FIELDWORKERS = frozenset({Role.OWNER, Role.FIELDWORKER})


class MemberRequest(HttpRequest):
    """A request of somebody signed in, in the name of one organization."""

    user: User
    membership: Membership
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def for_members(
    roles: frozenset[Role], *, api: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let members with one of `roles` in, inside one transaction of their organization.

    The view runs in that transaction: what it raises rolls everything back, and rows
    of other organizations do not exist for it. Strangers are sent to the sign-in page,
    and everybody else without such a role is refused (`api`: as problem+json).
    """

    def decorate(
        view: View[P],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def within(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _stranger(request, api=api)
            member = cast(MemberRequest, request)
            with transaction.atomic(durable=True):
                try:
                    member.membership = enter_organization(member.user, roles)
                except PermissionDenied as refusal:
                    if api:
                        return problem(403, str(refusal))
                    raise
                response = _rendered(view(member, *args, **kwargs))
            # nobody who finds this browser later may leaf back into it
            patch_cache_control(response, no_store=True)
            return response

        within.member_roles = roles  # type: ignore[attr-defined]
        return within

    return decorate


def enter_organization(user: User, roles: frozenset[Role]) -> Membership:
    set_local("trustsurvey.member", str(user.pk))
    membership = Membership.objects.filter(user=user).order_by("id").first()
    if membership is None:
        raise PermissionDenied(_("You belong to no organization yet."))
    if membership.role not in roles:
        raise PermissionDenied(
            _("Your role in this organization does not open this page.")
        )
    set_local("trustsurvey.organization", str(membership.organization_id))
    return membership


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render what renders late (DRF) while the rows are still visible."""
    render = getattr(response, "render", None)
    return cast(HttpResponseBase, render()) if callable(render) else response


def _stranger(request: HttpRequest, *, api: bool) -> HttpResponse:
    if api:
        return problem(401, _("Sign in first."))
    if request.headers.get("HX-Request"):
        # a fragment cannot hold the sign-in page: its page loads again and asks
        return HttpResponseClientRefresh()
    # after the sign-in a browser can only GET
    safe = request.method in {"GET", "HEAD"}
    return redirect_to_login(
        request.get_full_path() if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
    )


def problem(status: int, title: str) -> HttpResponse:
    """Say what is wrong to a program (RFC 9457)."""
    return JsonResponse(
        {"title": title, "status": status},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
