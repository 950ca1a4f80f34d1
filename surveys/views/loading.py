"""Loading the wording of a published scale into one's own organization."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys import loading
from surveys.access import OWNERS, MemberRequest, for_members
from surveys.catalogue import catalogue, words
from surveys.loading_form import LoadScale


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def load_scale(request: MemberRequest, record_id: str) -> HttpResponse:
    """Check what was sent against the record; store it once that is asked for."""
    stored = catalogue().get(record_id)
    if stored is None:
        raise Http404(f"The catalogue has no record {record_id}.")
    # numbers from memory are shown to nobody, and compare nothing
    record = stored.displayed().record
    posted = request.method == "POST"
    form = LoadScale(
        request.POST if posted else None,
        request.FILES if posted else None,
        record=record,
        language=get_language() or "en",
    )
    checked = form.checked if form.is_valid() else None
    if checked is not None and request.POST.get("step") == "store":
        version = loading.store(
            organization=request.membership.organization,
            checked=checked,
            right=loading.Right(form.right_statement(), request.user.email),
            at=timezone.now(),
        )
        messages.success(request, _("The scale is loaded, for your organization only."))
        return redirect("surveys:instrument", version_id=version.pk)
    context = {
        "record": record,
        "permission": words.PERMISSIONS[record.rights.licence_class],
        "form": form,
        "checked": checked,
        "modified": loading.described(record, modified=True),
    }
    return render(request, "surveys/load.html", context)
