"""The way out of mails: one page behind a signed address, without sign-in or cookie."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.definition import LANGUAGES
from surveys.dossier import HTML_LANGUAGES
from surveys.fieldwork import optout

OWN_NAMES = {"en": "English", "zh-hans": "中文"}


@csrf_exempt  # mail programs press this button themselves (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, opt out, or undo it. Looking at the page changes nothing."""
    named = optout.read_token(token)
    is_out = None if named is None else optout.is_out(*named)
    if named is None or is_out is None:
        raise Http404("No such address.")
    language = _language(request)
    if request.method == "POST":
        if "undo" in request.POST:
            optout.undo(*named)
        else:
            optout.opt_out(*named, at=timezone.now())
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(status=200)
        here = reverse("surveys:opt-out", args=[token])
        response: HttpResponse = HttpResponseRedirect(f"{here}?language={language}")
        response.status_code = 303
        return response
    with translation.override(language):
        response = render(request, "surveys/opt_out.html", _context(language, is_out))
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("language") or request.GET.get("language")
    return asked if asked in LANGUAGES else translation.get_language() or "en"


def _context(language: str, is_out: bool) -> dict[str, object]:
    return {
        "is_out": is_out,
        "language": language,
        "html_lang": HTML_LANGUAGES[language],
        "other": [
            (code, OWN_NAMES[code], HTML_LANGUAGES[code])
            for code in LANGUAGES
            if code != language
        ],
    }
