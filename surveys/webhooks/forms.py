"""An endpoint as its owner fills it in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.fieldwork import gateway
from surveys.models import EventKind


def refusal_of(url: str, *, resolve: gateway.Resolve = gateway.resolve) -> str:
    """Say why we would not send to an address; "" where we would."""
    try:
        gateway.target_of(url, resolve=resolve)
    except gateway.AddressRefused:
        return _("This is not a public https address; we do not send there.")
    except gateway.NotDelivered:
        return _("This address cannot be found on the internet.")
    return ""


class EndpointForm(forms.Form):
    """Where messages go, and of what."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "Of your system; it must begin with https:// and be reachable from the"
            " internet."
        ),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://…"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For yourself, such as the system behind the address."),
        max_length=100,
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it hears of"),
        choices=EventKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_url(self) -> str:
        """Refuse what we would not send to, before anybody waits for it."""
        url: str = self.cleaned_data["url"]
        if not url.startswith("https://"):
            raise forms.ValidationError(_("The address must begin with https://."))
        if url != self.initial.get("url") and (refusal := refusal_of(url)):
            raise forms.ValidationError(refusal)
        return url

    def values(self) -> dict[str, Any]:
        names = ("url", "name", "kinds")
        return {name: self.cleaned_data[name] for name in names}
