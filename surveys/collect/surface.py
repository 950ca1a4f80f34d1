"""The door of the respondents, in front of sessions, cookies and sign-in."""

import secrets
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from surveys.collect import views
from surveys.collect.urls import PREFIX

GetResponse = Callable[[HttpRequest], HttpResponse]


class RespondentSurface:
    """Answers addresses under /s/ itself; nothing behind it runs for them.

    What it sends sets no cookie and depends on no cookie, and nothing about the
    request is logged.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{PREFIX}"):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = _answer(request)
        # Django would log refusals with path and time
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info, urlconf="surveys.collect.urls")
    except Resolver404:
        return views.unknown(request)
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except OperationalError:
        return views.try_again(request, seconds=5 + secrets.randbelow(10))
    return response
