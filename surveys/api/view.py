"""The base of every address of the API: one transaction, one caller, one problem.

A view names the scope of each of its methods and answers; it raises `Problem` (or what
Django and DRF raise) for everything else. It runs in one transaction of the caller's
organization, and a refusal rolls all of it back.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, TypeVar, cast
from uuid import UUID

from django.core.signals import got_request_exception
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from surveys.access import MemberRequest
from surveys.api.problems import Problem, invalid, our_mistake, problem_of
from surveys.api.repeats import once
from surveys.api.scopes import ALLOWED, Scope
from surveys.api.shapes import Shape, query_of
from surveys.api.throttling import PerCaller
from surveys.api.tokens import MemberAuthentication, TokenAuthentication
from surveys.models import ApiToken, Membership
from surveys.models.people import Role

T = TypeVar("T")

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
log = logging.getLogger("django.request")


class HasScope(BasePermission):
    """The caller's role may do this, and a token was made for it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        assert isinstance(view, ApiView)  # noqa: S101, narrows the type
        scope = view.scope_of(request.method or "")
        if scope is None:
            return True
        token = request.auth
        if isinstance(token, ApiToken) and scope not in token.scopes:
            sentence = _("This token was not made for '%(scope)s'.")
            raise Problem(403, sentence % {"scope": scope}, "scope")
        if view.membership.role not in ALLOWED[scope]:
            sentence = _("Your role in this organization may not do this.")
            raise Problem(403, sentence, "role")
        return True


class ApiView(APIView):
    """One address of the API. `scopes` names what each of its methods needs."""

    scopes: ClassVar[Mapping[str, Scope]]
    # what has a key of its own, or may leave no trace, is not kept for repetition
    keeps_replies: ClassVar[bool] = True
    authentication_classes = (TokenAuthentication, MemberAuthentication)
    permission_classes = (HasScope,)
    throttle_classes = (PerCaller,)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view: Any = super().as_view(**initkwargs)
        view.member_roles = cls.roles()
        return view

    @classmethod
    def roles(cls) -> frozenset[Role]:
        """Roles that may do something here."""
        allowed = (ALLOWED[scope] for scope in cls.scopes.values())
        return frozenset(Role) if not cls.scopes else frozenset().union(*allowed)

    @property
    def membership(self) -> Membership:
        return cast(MemberRequest, self.request._request).membership

    @property
    def organization_id(self) -> UUID:
        return self.membership.organization_id

    def scope_of(self, method: str) -> Scope | None:
        return self.scopes.get("GET" if method == "HEAD" else method)

    # ------------------------------------------------------------------ what comes in

    def body(self, shape: type[Shape], **context: Any) -> dict[str, Any]:
        """Return the body of the request as `shape` reads it, or raise a 400."""
        read = shape(data=self.request.data, context=context)
        if not read.is_valid():
            raise invalid(read.errors)
        return dict(read.validated_data)

    def query(self, shape: type[Shape]) -> dict[str, Any]:
        """Return the parameters of the address as `shape` reads them, or raise a 400."""
        return query_of(shape, self.request._request)

    @staticmethod
    def found(one: T | None) -> T:
        """Return what was looked for, or raise a 404."""
        if one is None:
            raise Http404
        return one

    # -------------------------------------------------------------------- what goes out

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer inside one transaction; whatever was raised becomes a problem."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            with transaction.atomic(durable=True):
                response = self._within()
                if response.status_code >= 400:
                    transaction.set_rollback(True)
        except Exception as raised:  # at the end of the transaction
            response = self._refused(raised)
        for name, value in self.headers.items():
            response.setdefault(name, value)
        patch_cache_control(response, no_store=True)
        return response

    def _within(self) -> HttpResponseBase:
        try:
            self.initial(self.request, *self.args, **self.kwargs)
            return self._answer()
        except Exception as raised:
            return self._refused(raised)

    def _answer(self) -> HttpResponseBase:
        method = (self.request.method or "").lower()
        known = method in self.http_method_names
        handler = getattr(self, method, None) if known else None
        if handler is None:
            handler = self.http_method_not_allowed
        if method.upper() in SAFE:
            return self._tagged(self._rendered(handler))
        self._check_match()
        if "HTTP_IDEMPOTENCY_KEY" not in self.request.META or not self.keeps_replies:
            return self._rendered(handler)
        holder = self.request.auth if self.request.auth is not None else self.membership
        return once(
            self.request, self.membership, holder.pk, lambda: self._rendered(handler)
        )

    def _rendered(self, handler: Callable[..., Any]) -> HttpResponseBase:
        """Render while the rows are visible."""
        answer: Any = handler(self.request, *self.args, **self.kwargs)
        done = self.finalize_response(self.request, answer)
        render = getattr(done, "render", None)
        return cast(HttpResponseBase, render()) if callable(render) else done

    def _tagged(self, response: HttpResponseBase) -> HttpResponseBase:
        """Give a reply its ETag; nothing is sent to who has it already."""
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        held = self.request.META.get("HTTP_IF_NONE_MATCH", "")
        if _names(held, tag):
            response = HttpResponse(status=304)
            del response["Content-Type"]
        response["ETag"] = tag
        return response

    def _check_match(self) -> None:
        """Refuse to change what is not any more as the caller knows it."""
        wanted = self.request.META.get("HTTP_IF_MATCH")
        reader = getattr(self, "get", None)
        if wanted is None or reader is None:
            return
        now = self._tagged(self._rendered(reader))
        if not _names(wanted, now.headers.get("ETag", "")):
            sentence = _("It was changed since you read it: read it again.")
            raise Problem(412, sentence)

    def _refused(self, raised: Exception) -> HttpResponseBase:
        problem = problem_of(raised)
        if problem is None:
            got_request_exception.send(sender=type(self), request=self.request._request)
            log.error("API failed: %s", self.request.path, exc_info=raised)
            problem = our_mistake()
        return problem.response()

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say which methods this address knows, in `Allow`."""
        return HttpResponse(status=204)


def _names(header: str, tag: str) -> bool:
    listed = {one.strip().removeprefix("W/") for one in header.split(",")}
    return tag in listed or "*" in listed


@extend_schema(exclude=True)
class Unknown(ApiView):
    """Every address of the API that is none."""

    scopes: ClassVar[Mapping[str, Scope]] = {}

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        for method in self.http_method_names:
            setattr(self, method, self.nowhere)
        return super().dispatch(request, *args, **kwargs)

    def nowhere(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404
