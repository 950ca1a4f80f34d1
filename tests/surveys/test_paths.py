"""Pseudonyms over groups that people move between: what is kept tells of nobody."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from surveys import paths
from surveys.elimination import Sharing
from surveys.paths import Arrival, Cell, Known, Path, sources_of, telling
from tests.attack.crossing import Answer, Copy, Crossing, crossed, possible

LEAST = 5


def uuid(number: int) -> UUID:
    return UUID(int=number)


def cell_of(wave: int, team: int) -> UUID:
    return uuid(1000 * (wave + 1) + team)


@dataclass
class Study:
    """Waves of an organization in which people move, come and go."""

    random: Random
    teams: list[int]
    people: list[dict[int, int]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    paths: defaultdict[bytes | None, Path] = field(
        default_factory=lambda: defaultdict(Path)
    )
    could: int = 0
    links: int = 0

    def ask(self, wave: int, turnover: float) -> None:
        """Ask everybody again: some elsewhere, some no more, and as many new ones."""
        if wave == 0:
            for team, size in enumerate(self.teams):
                self.people += [{0: team} for _ in range(size)]
            return
        came = []
        for person in self.people:
            if wave - 1 not in person:
                continue
            chance = self.random.random()
            if chance < turnover / 2:
                came.append({wave: self.random.randrange(len(self.teams))})
            elif chance < turnover:
                person[wave] = self.random.randrange(len(self.teams))
            else:
                person[wave] = person[wave - 1]
        self.people += came

    def answer(self, wave: int, taking_part: float, linking: float) -> None:
        """Answers of a wave, as they are kept; who links now always did."""
        arrived: list[tuple[UUID, bytes | None]] = []
        for number, person in enumerate(self.people):
            if wave in person and self.random.random() < taking_part:
                links = Random(number).random() < linking
                own = number.to_bytes(4) if links else None
                arrived.append((cell_of(wave, person[wave]), own))
        new = [Arrival(cell, self.paths.get(own, Path())) for cell, own in arrived]
        gone = telling(
            self._known(wave), new, wave=uuid(wave), least=LEAST, random=self.random
        )
        for number, (cell, own) in enumerate(arrived):
            kept = None if number in gone else own
            self.answers.append(Answer(wave, cell, kept))
            if kept is not None:
                self.links += bool(self.paths[kept])
                self.paths[kept] |= {cell}
        self.could += sum(1 for one in new if one.before)

    def _known(self, wave: int) -> Known:
        answers = Counter(self.paths.values())
        answers.update(
            Path([UUID(str(one.group))])
            for one in self.answers
            if one.pseudonym is None
        )
        wave_of = {
            cell_of(place, team): uuid(place)
            for place in range(wave + 1)
            for team in range(len(self.teams))
        }
        people = Counter(
            Path(cell_of(place, team) for place, team in person.items())
            for person in self.people
        )
        return Known(people, answers, {cell: Path([cell]) for cell in wave_of}, wave_of)

    def attacked(self) -> Crossing:
        people = [
            {wave: cell_of(wave, team) for wave, team in person.items()}
            for person in self.people
        ]
        return crossed(Copy(people, self.answers, {}), LEAST)


def studied(seed: int, waves: int) -> Study:
    """A small organization of which almost everybody answers, the worst there is."""
    random = Random(seed)
    teams = [random.randrange(8, 14) for _ in range(random.randrange(2, 5))]
    study = Study(random, teams)
    turnover = random.choice((0.1, 0.2, 0.4))
    taking_part, linking = random.choice((0.7, 0.9, 1.0)), random.choice((0.6, 1.0))
    for wave in range(waves):
        study.ask(wave, turnover)
        study.answer(wave, taking_part, linking)
    return study


NOTHING = Crossing(0, 0)


@pytest.mark.parametrize("waves", [2, 3])
def test_nobody_is_told_by_groups_and_elimination(waves: int) -> None:
    found = [studied(seed, waves) for seed in range(20)]
    assert [one.attacked() for one in found] == [NOTHING] * 20
    assert sum(one.links for one in found) > 200 * (waves - 1)


RULES: dict[str, tuple[str, ...]] = {
    "everything kept": ("surveys.paths._Counts.release", "surveys.paths._Counts.untie"),
    "paths of five people": (
        "surveys.paths._Counts.release",
        "surveys.paths._Counts.untie",
    ),
    "as it is": (),
}


@pytest.mark.long
@pytest.mark.parametrize("waves", [2, 3, 4])
def test_what_each_rule_would_tell(waves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of docs/anonymity.md: 150 studies of the worst kind for each rule."""
    print()
    for rule, left_out in RULES.items():
        with monkeypatch.context() as patch:
            for place in left_out:
                patch.setattr(place, lambda *given: set())
            if rule == "everything kept":
                patch.setitem(globals(), "telling", lambda *given, **more: set())
            found = [studied(seed, waves) for seed in range(150)]
        told = [one.attacked() for one in found]
        could, links = sum(o.could for o in found), sum(o.links for o in found)
        print(
            f"{waves} waves, {rule}: {sum(len(o.people) for o in found)} people,"
            f" {sum(len(o.answers) for o in found)} answers, {links} links:"
            f" {sum(o.singled for o in told)} singled out, {sum(o.few for o in told)}"
            f" among fewer than {LEAST}; {links / could:.0%} of what could be linked"
        )
    assert told == [NOTHING] * len(found)


@pytest.mark.long
@pytest.mark.parametrize("size", [12, 30, 100, 3000])
def test_how_many_links_a_usual_organization_keeps(size: int) -> None:
    """3,000 people; a tenth change at each wave, 75 % answer, 60 % of them link."""
    study = Study(Random(1), [size] * (3000 // size))
    shares = []
    for wave in range(6):
        study.ask(wave, 0.1)
        could, links = study.could, study.links
        study.answer(wave, 0.75, 0.6)
        if wave:
            shares.append((study.links - links) / (study.could - could))
    print(f"\ngroups of {size}: {', '.join(f'{share:.0%}' for share in shares)}")
    assert shares[0] > (0.7 if size < 100 else 0.9)


def test_it_would_be_seen_if_everything_were_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "telling", lambda *given, **more: set())
    found = [studied(seed, 2).attacked() for seed in range(20)]
    assert sum(one.singled for one in found) > 20


def test_it_would_be_seen_if_only_paths_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever moved is known by what remains when all others are linked."""
    monkeypatch.setattr(paths._Counts, "release", lambda *given: set())
    monkeypatch.setattr(paths._Counts, "untie", lambda *given: set())
    found = [studied(seed, 2).attacked() for seed in range(20)]
    assert sum(one.singled for one in found) > 5


def test_it_would_be_seen_if_nothing_were_eliminated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paths._Counts, "untie", lambda *given: set())
    assert studied(119, 3).attacked() != NOTHING


def linked(stayed: int, moved: int) -> tuple[Study, int]:
    """Ten of team 0 and ten of team 1 answer twice and link; some go over from 0 to 1."""
    study = Study(Random(1), [10, 10])
    study.ask(0, 0)
    study.answer(0, 1, 1)
    for number, person in enumerate(study.people):
        person[1] = 1 if person[0] == 1 or number >= stayed else 0
    assert stayed + moved == 10
    study.answer(1, 1, 1)
    return study, study.links


@pytest.mark.parametrize(
    ("moved", "links"),
    [
        (0, 20),
        # not the one who moved; and of nine who stayed four, so that of the answers of
        # before five may be the mover's; of the new team likewise four of ten
        (1, 5 + 6),
        (4, 5 + 9),
        # five who moved are as many as a group may have
        (5, 20),
        (10, 20),
    ],
)
def test_whoever_moves_with_few_others_is_not_linked(moved: int, links: int) -> None:
    study, kept = linked(10 - moved, moved)
    assert kept == links
    assert study.attacked() == NOTHING


def test_a_last_small_batch_is_of_all_groups_that_it_may_have_come_from() -> None:
    """Of team 1 seven went up; team 2 kept all of its answers; team 3 had none."""
    top, wave = uuid(1), uuid(9)
    cells = [
        Cell(top, wave, None, 0, 11),
        Cell(uuid(11), wave, top, 17, 10),
        Cell(uuid(12), wave, top, 12, 12),
        Cell(uuid(13), wave, top, 0, 0),
        Cell(uuid(14), wave, top, 4, 0),
        Cell(uuid(15), wave, uuid(14), 0, 0),
    ]
    found = sources_of(cells)
    assert found[top] == {uuid(11), uuid(14)}
    assert found[uuid(11)] == {uuid(11)}
    assert found[uuid(12)] == {uuid(12)}


def test_what_a_group_passes_on_may_be_only_what_came_from_below() -> None:
    top, middle, team = uuid(1), uuid(2), uuid(3)
    cells = [
        Cell(top, uuid(9), None, 0, 3),
        Cell(middle, uuid(9), top, 10, 10),
        Cell(team, uuid(9), middle, 3, 0),
    ]
    assert sources_of(cells) == {top: {team}, middle: {middle}, team: {team}}


def test_elimination_in_groups_is_the_one_by_single_people() -> None:
    random = Random(1)
    narrowed = 0
    for _ in range(300):
        people = {group: random.randrange(1, 4) for group in range(5)}
        single = [group for group, number in people.items() for _ in range(number)]
        of = random.sample(single, random.randrange(1, len(single) + 1))
        kinds = [
            frozenset([group, *random.sample(range(5), random.randrange(2))])
            for group in of
        ]
        fits = {kind: kind for kind in kinds}
        found = Sharing(fits, Counter(kinds), people).possible()
        expected = possible(
            [{n for n, group in enumerate(single) if group in kind} for kind in kinds]
        )
        for kind, whose in zip(kinds, expected, strict=True):
            assert found[kind] == {single[n] for n in whose}
            narrowed += found[kind] < kind
    assert narrowed > 100
