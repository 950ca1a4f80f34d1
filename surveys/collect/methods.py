"""Which methods a page takes. Django's own decorators log a refusal with its path."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

View = Callable[..., HttpResponse]


def require_http_methods(methods: Sequence[str]) -> Callable[[View], View]:
    """Answer 405 to any other method, and tell no log."""

    def decorate(view: View) -> View:
        @wraps(view)
        def only(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return only

    return decorate


require_safe = require_http_methods(["GET", "HEAD"])
