"""What an evidence level means, in words: nobody knows the ladder by heart."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEVELS: Mapping[str, str | Promise] = {
    "E0": _("theory-mapped draft, not validated"),
    "E1": _("content judged by experts, not yet tested on answers"),
    "E2": _("understood in interviews and tried in a pilot"),
    "E3": _("structure examined in one language"),
    "E4": _("cross-validated and comparable across languages"),
    "E5": _("predicts outcomes, with described norms"),
}


def in_words(level: str) -> str:
    """Return the level with its meaning, in the language of the reader."""
    return f"{level} · {LEVELS[level]}"
