"""Which item of one version continues which item of another.

A version says which one it was edited from, and an item what it was called there. Both
are followed from version to version, through versions that nobody asked, up to where
the item first stood.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.definition.form import ABOUT, Form, FormInstrument
from surveys.definition.questionnaire import Item, Questionnaire

Key = tuple[str, int]
Place = tuple[Key, str]


@dataclass(frozen=True, slots=True)
class Step:
    """What one version says about the version before it.

    Attributes
    ----------
    before : (str, int) or None
        Code and version of the one it was edited from; None where it is the first.
    origins : mapping of str to (str or None)
        Full code of an item (``TBE.T1``) -> its full code there; None: it is new.
    whole : bool
        Whether every item of the version is in `origins`.
    """

    before: Key | None
    origins: Mapping[str, str | None]
    whole: bool


class Descent:
    """The versions that are known, and the way from an item to its first place.

    Parameters
    ----------
    versions : iterable of Questionnaire
        Those in question and those between them.
    forms : iterable of Form
        What they say stands in for versions that are not among `versions`.
    """

    def __init__(
        self, versions: Iterable[Questionnaire], forms: Iterable[Form] = ()
    ) -> None:
        asked = [
            (form, instrument) for form in forms for instrument in form.instruments
        ]
        self._steps = {(i.code, i.version): _step_of_form(form, i) for form, i in asked}
        self._steps |= {(v.code, v.version): _step_of_version(v) for v in versions}

    def first(self, key: Key, item: str) -> Place:
        """Where the item of full code `item` in version `key` stood first."""
        here: Place = (key, item)
        passed = {here}
        while (before := self._before(here)) is not None and before not in passed:
            passed.add(before)
            here = before
        return here

    def _before(self, place: Place) -> Place | None:
        key, item = place
        step = self._steps.get(key)
        if step is None or step.before is None:
            return None
        origin = step.origins.get(item, item)
        earlier = self._known(step.before, after=key)
        if origin is None or earlier is None:
            return None
        lost = self._steps[earlier].whole and origin not in self._steps[earlier].origins
        return None if lost else (earlier, origin)

    def _known(self, wanted: Key, *, after: Key) -> Key | None:
        """`wanted`, or the last known version of its code before it."""
        code, version = wanted
        earlier = [key for key in self._steps if key[0] == code and key[1] <= version]
        found = max(earlier, default=None)
        return None if found == after else found


def _step_of_version(version: Questionnaire) -> Step:
    if version.lineage is not None:
        before: Key | None = (version.lineage.code, version.lineage.version)
        origin = version.lineage.code
    else:
        before = (version.code, version.version - 1) if version.version > 1 else None
        origin = version.code
    origins = _claims(version.items)
    return Step(
        before=before,
        origins={
            f"{version.code}.{code}": None if old is None else f"{origin}.{old}"
            for code, old in origins.items()
        },
        whole=True,
    )


def _claims(items: Iterable[Item]) -> dict[str, str | None]:
    """Code in the version before, by code; only one item continues another.

    Who names its earlier code goes first, so that a code used again is a new item.
    """
    named = list(items)
    found: dict[str, str | None] = dict.fromkeys(item.code for item in named)
    taken: set[str] = set()
    for item in sorted(named, key=lambda item: item.lineage is None):
        origin = item.lineage or item.code
        if origin not in taken:
            found[item.code] = origin
            taken.add(origin)
    return found


def _step_of_form(form: Form, instrument: FormInstrument) -> Step:
    """What a frozen form tells of a version: its items asked, and the code before."""
    origins = {
        item.code: item.lineage or item.code
        for item in form.items
        if form.instrument_of(item.code) == instrument
    }
    named = {
        origin.partition(".")[0].partition(ABOUT)[0] for origin in origins.values()
    }
    elsewhere = sorted(named - {instrument.code})
    before: Key | None = (instrument.code, instrument.version - 1)
    if elsewhere:
        # the form does not say which version of that code
        before = (elsewhere[0], 1 << 15)
    return Step(before=before, origins=dict(origins), whole=False)
