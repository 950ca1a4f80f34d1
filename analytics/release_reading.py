"""From stored releases to the parts that a reader may see."""

from collections.abc import Iterable

from analytics.action_notes import noted_trends
from analytics.besides import beside_of
from analytics.managing import visible_keys
from analytics.models import Release, ReleasePart
from analytics.plan import Text
from analytics.release_sections import Facts, Parts
from surveys.models import Membership, Promise, Survey, Wave

# Parts that the page shows; a basis is never read for a face.
ON_THE_PAGE = frozenset(
    {
        *("report", "segments", "trend", "alarms", "linked"),
        *("quality", "drivers", "criteria", "comments", "audit"),
    }
)
HIDING = frozenset({Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL})


def read_parts(
    release: Release, promise: Promise | None, membership: Membership, *extra: str
) -> Parts:
    """Return what a member may see of a release; a manager perhaps nothing.

    Parameters
    ----------
    release : Release
        With its wave and survey.
    extra : str
        Names of further parts, such as the trend of one group.
    """
    noted = noted_trends(release.wave)
    texts = _texts(release, ON_THE_PAGE | {*extra, *noted})
    facts = facts_of(release, promise)
    parts = Parts(texts, facts)
    seen = visible_keys(membership, release.wave, parts)
    if seen is not None:
        parts = Parts(texts, facts, visible=seen)
    parts.beside = beside_of(release, membership, parts)
    return parts


def newest_published(wave: Wave) -> Release | None:
    """Return the release of a wave that readers see."""
    release = Release.objects.published().filter(wave=wave).newest_first().first()
    if release is not None:
        release.wave = wave
    return release


def promise_of(wave: Wave) -> Promise | None:
    try:
        return wave.promise
    except Promise.DoesNotExist:
        return None


def facts_of(release: Release, promise: Promise | None) -> Facts:
    """Return what stands on a release itself."""
    wave, survey = release.wave, release.wave.survey
    closed = wave.closed_at
    return Facts(
        title=Text(survey.title_en, survey.title_zh_hans),
        wave=wave.number,
        number=release.number,
        date="" if closed is None else closed.date().isoformat(),
        mode=survey.mode,
        simulated=survey.simulated,
        promise=None
        if promise is None
        else Text(promise.text_en, promise.text_zh_hans),
        digest="" if promise is None else promise.digest,
        thresholds=_thresholds(survey, promise),
        software=release.software,
        input_sha256=release.input_sha256,
    )


def _thresholds(survey: Survey, promise: Promise | None) -> dict[str, int]:
    """Return the thresholds of a wave that promised to hide small groups."""
    if promise is None or survey.mode not in HIDING:
        return {}
    return {
        "least_for_scores": promise.least_for_scores,
        "least_for_comments": promise.least_for_comments,
        "least_for_sensitive": promise.least_for_sensitive,
        "least_batch": promise.least_batch,
    }


def _texts(release: Release, names: Iterable[str]) -> dict[str, str]:
    found = ReleasePart.objects.filter(release=release, name__in=names)
    return dict(found.values_list("name", "content"))
