"""Which pseudonyms would tell whose answers they link, by groups alone.

Whoever has the database knows in which groups each person was asked, wave by wave, and
in which groups each pseudonym answered. A person fits an answer if they were asked in
every group on the path of its pseudonym. So two things have to hold:

1. Every pseudonym fits at least `least` people.
2. Everybody asked in a wave fits at least `least` of its answers, as long as there are
   so many without the new links. Else the few who moved, came or left would be known by
   what remains once everybody else is linked.

Pure: no database, and people are only counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from surveys.elimination import Sharing

Path = frozenset[UUID]
"""Cells of different waves: where somebody was asked, or where a pseudonym answered."""

Fits = frozenset[Path]
"""Paths of people that one answer may be of."""

Spot = tuple[UUID, Path]
"""A wave, and the path of people who were asked in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell after its wave: `answered` by its own people, `stored` under its name.

    The two differ where a last small batch joined the cell above.
    """

    id: UUID
    wave: UUID
    parent: UUID | None
    answered: int
    stored: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the database tells of the waves of a survey.

    Attributes
    ----------
    people, answers : numbers by path; an answer without pseudonym has a path of one cell
    sources : for each cell, those whose people may have given the answers stored in it
    wave_of : the wave of each cell
    """

    people: Mapping[Path, int]
    answers: Mapping[Path, int]
    sources: Mapping[UUID, Path]
    wave_of: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new answer: its cell, and where its pseudonym answered before."""

    cell: UUID
    before: Path


def sources_of(cells: Sequence[Cell]) -> dict[UUID, Path]:
    """Follow the small batches upwards by the counts, as anybody can."""
    below: defaultdict[UUID | None, list[Cell]] = defaultdict(list)
    for cell in cells:
        below[cell.parent].append(cell)
    found: dict[UUID, Path] = {}

    def rise(cell: Cell) -> tuple[int, Path]:
        """How many answers went up from here, and whose they may be."""
        number, joined = 0, Path()
        for child in below[cell.id]:
            more, whose = rise(child)
            number, joined = number + more, joined | whose
        own = Path([cell.id]) if cell.answered else Path()
        left = cell.answered + number - cell.stored
        if left <= 0:
            found[cell.id] = own | joined
            return 0, Path()
        # what waits goes up as a whole: only own answers were mixed before
        found[cell.id] = own
        return left, joined | (own if left > number else Path())

    for top in below[None]:
        rise(top)
    return found


def telling(
    known: Known, new: Sequence[Arrival], *, wave: UUID, least: int, random: Random
) -> set[int]:
    """Choose the new answers that must be kept without their pseudonym.

    Parameters
    ----------
    known
        Of the waves before; people and sources of the new wave too.
    new
        All answers of the wave; no `before` where nothing links them.
    wave
        The new wave.
    random
        Chooses among answers that would serve alike.
    """
    fits = _Fitting(known)
    links: defaultdict[Arrival, list[int]] = defaultdict(list)
    alone = set[int]()
    for number, one in enumerate(new):
        if not one.before:
            continue
        whose = fits(one.before) & fits([one.cell])
        if sum(known.people[path] for path in whose) < least:
            alone.add(number)
        else:
            links[one].append(number)
    counts = _Counts(known, fits, new, wave)
    gone = counts.release(links, least, random)
    return alone | gone | counts.untie(links, gone, least, random)


def together(sharing: Sharing[Path, Path], start: Iterable[Path]) -> list[set[Path]]:
    """Kinds of answers that hang together, of every part in which `start` is found."""
    parts, seen = [], set[Path]()
    for first in start:
        if first in seen:
            continue
        part, waiting = set[Path](), [first]
        seen.add(first)
        while waiting:
            for answer in sharing.kinds[waiting.pop()] - part:
                part.add(answer)
                more = sharing.fits[answer] - seen
                seen |= more
                waiting += more
        parts.append(part)
    return parts


class _Fitting:
    """Paths of the people who fit the path of an answer."""

    def __init__(self, known: Known) -> None:
        asked: defaultdict[UUID, set[Path]] = defaultdict(set)
        for path in known.people:
            for cell in path:
                asked[cell].add(path)
        self._of_cell = {
            cell: frozenset[Path]().union(*(asked[one] for one in sources))
            for cell, sources in known.sources.items()
        }

    def __call__(self, path: Iterable[UUID]) -> Fits:
        first, *others = sorted((self._of_cell[cell] for cell in path), key=len)
        return first.intersection(*others)


class _Counts:
    """How many answers of a wave fit those who were asked, without the new links."""

    def __init__(
        self, known: Known, fits: _Fitting, new: Sequence[Arrival], wave: UUID
    ) -> None:
        self.known, self.fits, self.wave = known, fits, wave
        self.without: Counter[Spot] = Counter()
        self.arrived = Counter(Path([one.cell]) for one in new)
        for path, number in [*known.answers.items(), *self.arrived.items()]:
            waves = {known.wave_of[cell] for cell in path}
            for person in fits(path):
                for place in waves:
                    self.without[place, person] += number

    def release(
        self, links: Mapping[Arrival, list[int]], least: int, random: Random
    ) -> set[int]:
        """Give up as many links, by chance, as leave everybody enough answers."""
        linked = self.without.copy()
        for link, numbers in links.items():
            for spot in self._taken_by(link):
                linked[spot] -= len(numbers)
        needed = {spot: min(least, number) for spot, number in self.without.items()}
        short = {
            spot: n - linked[spot] for spot, n in needed.items() if linked[spot] < n
        }
        takers: defaultdict[Spot, list[Arrival]] = defaultdict(list)
        for link in links:
            for spot in self._taken_by(link):
                if spot in short:
                    takers[spot].append(link)
        left = {link: list(numbers) for link, numbers in links.items()}
        released = set[int]()
        for spot in sorted(short, key=lambda spot: -short[spot]):
            while linked[spot] < needed[spot]:
                pool = [(n, link) for link in takers[spot] for n in left[link]]
                number, link = random.choice(pool)
                left[link].remove(number)
                released.add(number)
                for other in self._taken_by(link):
                    linked[other] += 1
        return released

    def untie(
        self,
        links: Mapping[Arrival, list[int]],
        gone: set[int],
        least: int,
        random: Random,
    ) -> set[int]:
        """Give up links that tell by elimination, one a group at a time."""
        left = {
            link: rest
            for link, numbers in links.items()
            if (rest := [n for n in numbers if n not in gone])
        }
        released = set[int]()
        while found := self._tied(left, least):
            for tied in found:
                pool = [(n, link) for link in tied for n in left[link]]
                if not pool:
                    continue
                number, link = random.choice(pool)
                left[link].remove(number)
                released.add(number)
        return released

    def _tied(
        self, links: Mapping[Arrival, list[int]], least: int
    ) -> list[set[Arrival]]:
        """Links of which one has to go, for each group of people that is told about."""
        answers = self.arrived + Counter(self.known.answers)
        whole: dict[Path, Arrival] = {}
        for link, numbers in links.items():
            if numbers:
                path = link.before | {link.cell}
                whole[path] = link
                answers[path] += len(numbers)
                answers[link.before] -= len(numbers)
                answers[Path([link.cell])] -= len(numbers)
        of_wave: defaultdict[UUID, list[Path]] = defaultdict(list)
        for path in +answers:
            for cell in path:
                of_wave[self.known.wave_of[cell]].append(path)
        found = []
        for wave in {self.known.wave_of[cell] for path in whole for cell in path}:
            fits = {path: self.fits(path) for path in of_wave[wave]}
            sharing = Sharing(fits, answers, self.known.people)
            for paths in self._told(sharing, wave, answers, least):
                if tied := {whole[path] for path in paths if path in whole}:
                    found.append(tied)
        return found

    def _told(
        self,
        sharing: Sharing[Path, Path],
        wave: UUID,
        answers: Mapping[Path, int],
        least: int,
    ) -> list[set[Path]]:
        """Kinds of answers that hang together with one that too few may have given."""
        possible = sharing.possible()
        mine: Counter[Path] = Counter()
        few = set[Path]()
        for path, people in possible.items():
            if len(people) == len(sharing.fits[path]):
                few_people = False
            else:
                few_people = sum(self.known.people[one] for one in people) < least
            if few_people:
                few |= sharing.fits[path]
            for person in people:
                mine[person] += answers[path]
        for person in sharing.kinds:
            if mine[person] < min(least, self.without[wave, person]):
                few.add(person)
        return together(sharing, few)

    def _taken_by(self, link: Arrival) -> Iterator[Spot]:
        """Whom a link takes an answer from: who fits one end of it and not the other."""
        before, now = self.fits(link.before), self.fits([link.cell])
        for person in before - now:
            for cell in link.before:
                yield self.known.wave_of[cell], person
        for person in now - before:
            yield self.wave, person
