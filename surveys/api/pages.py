"""The description of the API: for programs as JSON, for people as a page."""

from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.access import EVERYBODY, MemberRequest, for_members
from surveys.api.view import ApiView


@cache
def openapi() -> dict[str, Any]:
    """Return the description of the whole API, made once a process."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)
    return schema


class OpenApi(ApiView):
    """The description itself; whoever may call anything may read it."""

    scopes: ClassVar = {}

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(openapi())


@require_safe
@for_members(EVERYBODY)
def docs(request: MemberRequest) -> HttpResponse:
    """Show the description with Swagger UI, from this site and without inline script."""
    return render(request, "surveys/api/docs.html")
