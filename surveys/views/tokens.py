"""Tokens of programs: owners make them, see them once, and revoke them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.api.scopes import Scope
from surveys.api.tokens import make_token
from surveys.forms_tokens import TokenForm, today
from surveys.models import ApiToken


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def tokens(request: MemberRequest) -> HttpResponse:
    """List the tokens of the organization; make one and show its secret, once."""
    form = TokenForm(request.POST if request.method == "POST" else None, today=today())
    secret = None
    if form.is_valid():
        _token, secret = make_token(
            membership=request.membership,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            at=timezone.now(),
            expires_on=form.cleaned_data["expires_on"],
        )
        form = TokenForm(today=today())
    known = ApiToken.objects.select_related("membership__user").newest_first()
    words = dict(Scope.choices)
    shown = [
        (token, token.is_usable_on(today()), [words[one] for one in token.scopes])
        for token in known
    ]
    context = {"form": form, "tokens": shown, "secret": secret}
    return render(request, "surveys/api/tokens.html", context)


@require_POST
@for_members(OWNERS)
def revoke(request: MemberRequest, token_id: UUID) -> HttpResponse:
    """End a token for good."""
    token = get_object_or_404(ApiToken, pk=token_id)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    messages.success(
        request, _("The token is revoked: no program can use it any more.")
    )
    return redirect("surveys:tokens")
