"""From the rows that change beside a release to what its reader may see of them."""

from collections.abc import Collection
from uuid import UUID

from analytics import coding, comments
from analytics.action_notes import notes_beside
from analytics.models import Release
from analytics.plan import Text
from analytics.release_sections import Parts
from analytics.release_sections.beside import Beside, Tagged, Whose
from surveys.access import ANALYSTS
from surveys.models import Membership, Wave
from surveys.models.managers import Section
from surveys.reading import sections_of


def beside_of(release: Release, membership: Membership, parts: Parts) -> Beside:
    """Return codings, hidden comments and notes, as far as the member sees them."""
    seen = sections_of(membership)
    tagged, hidden = None, 0
    if Section.COMMENTS in seen and parts.comments is not None and parts.comments.shown:
        reading = comments.reading_of(release, parts.comments)
        hidden = reading.hidden().count()
        readable = set(reading.visible().values_list("id", flat=True))
        tagged = tagged_of(membership, release.wave, readable)
    notes = (
        notes_beside(membership, release.wave, parts) if Section.ACTIONS in seen else []
    )
    return Beside(tagged, hidden, tuple(notes))


def tagged_of(membership: Membership, wave: Wave, readable: Collection[UUID]) -> Tagged:
    """Return the tags with their comments: one's own until all codings are shown."""
    tags = coding.tags_of(wave.survey)
    reveal = coding.revealed(wave)
    agreement = None
    whose: Whose = "wait"
    found: coding.Codings = {}
    if reveal is not None:
        whose, found = "all", coding.merged(coding.codings_of(wave).values())
        agreement = coding.agreement_in(reveal)
    elif membership.role in ANALYSTS:
        whose, found = "own", coding.own_codings(wave, membership)
    counts = coding.counts_of(found, readable)
    named = [
        (Text(tag.name("en"), tag.name("zh-hans")), counts[tag.pk]) for tag in tags
    ]
    return Tagged(whose, tuple(named), agreement)
