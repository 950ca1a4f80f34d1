"""Published versions beside one another: which there are, which continue which."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from surveys import definition
from surveys.definition import FormInstrument, Lineage, Questionnaire
from surveys.models import QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version in the list of its questionnaire.

    Attributes
    ----------
    before : QuestionnaireVersion or None
        The one published before it, or the one elsewhere that it was edited from.
    shown : bool
        Whether it is the one whose page this is.
    """

    version: QuestionnaireVersion
    before: QuestionnaireVersion | None
    shown: bool


@dataclass(frozen=True, slots=True)
class NewerVersion:
    """A version that came out after the one a form asks."""

    instrument: FormInstrument
    asked: QuestionnaireVersion
    newest: QuestionnaireVersion

    @property
    def items(self) -> int:
        """Items of the whole questionnaire."""
        return len(self.newest.questionnaire().items)

    @property
    def short_items(self) -> int:
        """Items of its short form; 0 where there is none, or where it asks them all."""
        short = len(self.newest.questionnaire().short_form)
        return short if short < self.items else 0

    @property
    def suggests_short(self) -> bool:
        """Whether the short form is what comes closest to what is asked now."""
        now = self.asked.questionnaire()
        return self.instrument.short or len(now.short_form) == len(now.items)


def versions_of(version: QuestionnaireVersion) -> list[ListedVersion]:
    """All versions of the questionnaire that the organization can see, newest first.

    What `version` was edited from counts as the one before it, also where that is
    another questionnaire. One query.
    """
    line = Q(code=version.code, organization=version.organization_id)
    origin = version.questionnaire().lineage
    if origin is not None:
        line |= Q(code=origin.code, version=origin.version)
    rows = list(QuestionnaireVersion.objects.filter(line).order_by("-version"))
    found = [one for one in rows if _line(one) == _line(version)]
    return [
        ListedVersion(one, before or _elsewhere(one, version, rows), one == version)
        for one, before in zip(found, [*found[1:], None], strict=True)
    ]


def _elsewhere(
    one: QuestionnaireVersion,
    shown: QuestionnaireVersion,
    rows: Iterable[QuestionnaireVersion],
) -> QuestionnaireVersion | None:
    """Version of another questionnaire that the one shown was edited from."""
    others = (row for row in rows if _line(row) != _line(shown))
    return next(others, None) if one == shown else None


def newer_versions(form: definition.Form) -> list[NewerVersion]:
    """Where a newer version of what `form` asks is published: the newest of each.

    A questionnaire of the organization's own never continues one of the library by
    itself, nor the other way round.
    """
    published = QuestionnaireVersion.objects.filter(
        code__in=[instrument.code for instrument in form.instruments]
    )
    every = list(published.order_by("code", "-version"))
    found = []
    for instrument in form.instruments:
        asked = _asked(instrument, every)
        if asked is None:
            continue
        newest = next(one for one in every if _line(one) == _line(asked))
        if newest.version > asked.version:
            found.append(NewerVersion(instrument, asked, newest))
    return found


def asked_versions(form: definition.Form) -> dict[str, QuestionnaireVersion]:
    """The published versions that `form` was made of, by code; one query."""
    digests = [instrument.digest for instrument in form.instruments]
    published = list(QuestionnaireVersion.objects.filter(digest__in=digests))
    found = {i.code: _asked(i, published) for i in form.instruments}
    return {code: version for code, version in found.items() if version is not None}


def asked_and_between(forms: Iterable[definition.Form]) -> tuple[Questionnaire, ...]:
    """Versions that `forms` ask, and every one that may lie between or before them.

    Where an organization and the library have one code and number, the version that is
    asked comes last, so that it is the one that counts.
    """
    instruments = [i for form in forms for i in form.instruments]
    return _with_ancestors(
        {instrument.code for instrument in instruments},
        {instrument.digest for instrument in instruments},
    )


def between(*versions: QuestionnaireVersion) -> tuple[Questionnaire, ...]:
    """Versions that may lie between or before `versions`."""
    return _with_ancestors(
        {version.code for version in versions}, {version.digest for version in versions}
    )


def follows(
    old: QuestionnaireVersion,
    new: QuestionnaireVersion,
    known: Iterable[Questionnaire],
) -> bool:
    """Whether `new` is a later version of `old`, or was edited from it on the way."""
    if _line(old) == _line(new):
        return old.version < new.version
    edited_from = {(asks.code, asks.version): asks.lineage for asks in known}
    here = new.questionnaire().lineage
    passed: set[Lineage] = set()
    while here is not None and here not in passed:
        if (here.code, here.version) == (old.code, old.version):
            return True
        passed.add(here)
        here = edited_from.get((here.code, here.version))
    return False


def _with_ancestors(codes: set[str], digests: set[str]) -> tuple[Questionnaire, ...]:
    """Every version of `codes`, and of the codes they were edited from."""
    found: list[tuple[bool, Questionnaire]] = []
    known: set[str] = set()
    while wanted := codes - known:
        known |= wanted
        for row in QuestionnaireVersion.objects.filter(code__in=wanted):
            asks = row.questionnaire()
            found.append((row.digest in digests, asks))
            if asks.lineage is not None:
                codes = codes | {asks.lineage.code}
    found.sort(key=lambda one: (one[0], one[1].code, one[1].version))
    return tuple(asks for _, asks in found)


def _asked(
    instrument: FormInstrument, published: Iterable[QuestionnaireVersion]
) -> QuestionnaireVersion | None:
    of_digest = (one for one in published if one.digest == instrument.digest)
    return next(of_digest, None)


def _line(version: QuestionnaireVersion) -> tuple[str, object]:
    """What the versions of one questionnaire share."""
    return version.code, version.organization_id
