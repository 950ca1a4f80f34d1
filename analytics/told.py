"""What the releases of a wave have told, for whoever decides what may be told next."""

import json

from analytics import plain
from analytics.models import Release, ReleasePart
from analytics.release_making import Publications
from surveys.models import Wave

PART = "publication"


def releases_told(wave: Wave) -> tuple[tuple[Release, Publications], ...]:
    """Return the releases that were published, oldest first, also those withdrawn."""
    known = (
        ReleasePart.objects.filter(
            release__wave=wave,
            release__state__in=[Release.State.PUBLISHED, Release.State.WITHDRAWN],
            name=PART,
        )
        .select_related("release")
        .order_by("release__number")
    )
    return tuple(
        (part.release, plain.from_plain(Publications, json.loads(part.content)))
        for part in known
    )
