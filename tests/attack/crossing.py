"""Who answered what over several waves? Guess by groups alone, and by elimination.

The attacker knows of everybody in which group they were asked, wave by wave, and of
every answer the group it stands in and its pseudonym. Whoever was not asked in all
groups of a pseudonym's path is out. Of what is left everything is tried: an answer may
be a person's only if all other answers of the wave then still have somebody of their
own (Berge: the pair is in a matching, on an alternating cycle, or on a path from
somebody who did not answer).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

Group = Hashable
Whose = list[set[int]]
"""For each answer, the places of the people it may be of."""


@dataclass(frozen=True, slots=True)
class Answer:
    wave: int
    group: Group
    pseudonym: bytes | None


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy of the database tells.

    Attributes
    ----------
    people : for each person, the group of each wave they were asked in
    joined : for a group above others, those whose people may have answered in it
    """

    people: Sequence[Mapping[int, Group]]
    answers: Sequence[Answer]
    joined: Mapping[Group, frozenset[Group]]

    def without_links(self) -> "Copy":
        plain = [replace(one, pseudonym=None) for one in self.answers]
        return replace(self, answers=plain)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The least numbers found, where linking made them smaller than `least`.

    Attributes
    ----------
    singled : people and answers that fit one of the other side only
    few : people and answers that fit fewer than `least`, those singled out too
    """

    singled: int
    few: int


def crossed(copy: Copy, least: int) -> Crossing:
    """Compare what the links tell with what was known without them."""
    linked, plain = _numbers(copy), _numbers(copy.without_links())
    few = [n for key, n in linked.items() if n < min(least, plain[key])]
    return Crossing(few.count(1), len(few))


def _numbers(copy: Copy) -> dict[tuple[str, int, int], int]:
    """How many people each answer fits, and how many answers of a wave each person."""
    found: dict[tuple[str, int, int], int] = {}
    for wave in {one.wave for one in copy.answers}:
        own = [n for n, one in enumerate(copy.answers) if one.wave == wave]
        whose = possible([_fitting(copy, copy.answers[n]) for n in own])
        found |= {
            ("answer", wave, n): len(them) for n, them in zip(own, whose, strict=True)
        }
        theirs = Counter(person for them in whose for person in them)
        found |= {("person", wave, who): number for who, number in theirs.items()}
    return found


def _fitting(copy: Copy, answer: Answer) -> set[int]:
    path = [answer]
    if answer.pseudonym is not None:
        path += [one for one in copy.answers if one.pseudonym == answer.pseudonym]
    return {
        number
        for number, person in enumerate(copy.people)
        if all(
            person.get(one.wave) in copy.joined.get(one.group, {one.group})
            for one in path
        )
    }


def possible(fitting: Whose) -> Whose:
    """Of the pairs that fit, those that leave everybody else an answer of their own."""
    of_answer = _matching(fitting)
    answer_of = {person: answer for answer, person in of_answer.items()}
    fits: defaultdict[int, set[int]] = defaultdict(set)
    for answer, people in enumerate(fitting):
        for person in people:
            fits[person].add(answer)
    # people who may go without an answer, as somebody else can take it
    free = [person for person in fits if person not in answer_of]
    spare = set(free)
    while free:
        more = {of_answer[answer] for answer in fits[free.pop()]} - spare
        spare |= more
        free += more
    # instead of theirs, everybody may take the answers of those who can take another one
    leads = {
        person: {of_answer[a] for a in fits[person]} - {person} for person in answer_of
    }
    reach = {person: _reached(person, leads) for person in answer_of}
    return [
        {
            person
            for person in people
            if person == of_answer[answer]
            or person in spare
            or person in reach[of_answer[answer]]
        }
        for answer, people in enumerate(fitting)
    ]


def _reached(start: int, leads: Mapping[int, set[int]]) -> set[int]:
    seen, left = set[int](), [start]
    while left:
        for other in leads[left.pop()] - seen:
            seen.add(other)
            left.append(other)
    return seen


def _matching(fitting: Whose) -> dict[int, int]:
    """Give each answer a person of its own; there is a way, as it happened."""
    answer_of: dict[int, int] = {}

    def place(answer: int, tried: set[int]) -> bool:
        for person in fitting[answer] - tried:
            tried.add(person)
            if person not in answer_of or place(answer_of[person], tried):
                answer_of[person] = answer
                return True
        return False

    assert all(place(answer, set()) for answer in range(len(fitting)))
    return {answer: person for person, answer in answer_of.items()}
