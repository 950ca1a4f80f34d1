"""The door of the invited, in front of sessions, cookies and sign-in."""

import secrets
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from surveys.issue import views
from surveys.issue.urls import PREFIX

GetResponse = Callable[[HttpRequest], HttpResponse]


class IssuerSurface:
    """Answers addresses under /i/ itself; nothing behind it runs for them.

    No cookie, no session, no line in a log; it knows nothing of answers, and what takes
    answers (surveys/collect) knows nothing of it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{PREFIX}"):
            return self.get_response(request)
        response = _answer(request)
        # Django would log refusals with path and time
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info, urlconf="surveys.issue.urls")
    except Resolver404:
        return views.unknown()
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except OperationalError:
        return views.try_again(seconds=5 + secrets.randbelow(10))
    return response
