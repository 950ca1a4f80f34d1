"""Who may open which page, and in whose name the database answers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from surveys.models import Membership, User
from surveys.models.people import Role
from surveys.tenancy import set_local

P = ParamSpec("P")

READERS = frozenset({Role.OWNER, Role.ANALYST, Role.AUDITOR})
FIELDWORKERS = frozenset({Role.OWNER, Role.FIELDWORKER})


class MemberRequest(HttpRequest):
    """A request of somebody signed in, in the name of one organization."""

    user: User
    membership: Membership


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def for_members(
    roles: frozenset[Role], *, api: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let members with one of `roles` in, inside one transaction of their organization.

    The view runs in that transaction: what it raises rolls everything back, and rows
    of other organizations do not exist for it. Strangers are sent to the sign-in page
    (`api`: 401 as problem+json).
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
                member.membership = _enter_organization(member.user)
                if member.membership.role not in roles:
                    raise PermissionDenied(
                        _("Your role in this organization does not open this page.")
                    )
                return _rendered(view(member, *args, **kwargs))

        within.member_roles = roles  # type: ignore[attr-defined]
        return within

    return decorate


def _enter_organization(user: User) -> Membership:
    set_local("trustsurvey.member", str(user.pk))
    membership = Membership.objects.filter(user=user).order_by("id").first()
    if membership is None:
        raise PermissionDenied(_("You belong to no organization yet."))
    set_local("trustsurvey.organization", str(membership.organization_id))
    return membership


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render what renders late (DRF) while the rows are still visible."""
    render = getattr(response, "render", None)
    return cast(HttpResponseBase, render()) if callable(render) else response


def _stranger(request: HttpRequest, *, api: bool) -> HttpResponse:
    if not api:
        return redirect_to_login(request.get_full_path())
    problem = {"title": _("Sign in first."), "status": 401}
    return JsonResponse(problem, status=401, content_type="application/problem+json")
