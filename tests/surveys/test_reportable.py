"""What a wave will show of each group, by the rules of mixing and disclosure."""

from surveys.definition import Text
from surveys.fieldwork.reportable import innermost, prospects
from surveys.launching import NewCell
from surveys.promise import Thresholds


def group(name: str, invited: int, parent: int | None = None) -> NewCell:
    return NewCell(Text(name, name), invited, parent)


def told(groups: list[NewCell], **raised: int) -> list[tuple[object, ...]]:
    found = prospects(groups, Thresholds(**raised))
    return [(one.name.en, one.depth, one.invited, one.scores) for one in found]


def test_a_group_below_another_needs_a_whole_batch() -> None:
    """Nine answers of Plant would join Company (mixing.py), so it is never sure."""
    groups = [group("Company", 0), group("Sales", 12, 0), group("Plant", 9, 0)]
    assert told(groups) == [
        ("Company", 0, 21, 5),
        ("Sales", 1, 12, 10),
        ("Plant", 1, 9, None),
    ]


def test_groups_stand_after_those_above_them_in_any_order_of_entry() -> None:
    groups = [
        group("A", 8),
        group("B", 0),
        group("A1", 20, 0),
        group("B1", 30, 1),
        group("B11", 40, 3),
    ]
    assert [name for name, *_ in told(groups)] == ["A", "A1", "B", "B1", "B11"]
    assert [depth for _, depth, *_ in told(groups)] == [0, 1, 0, 1, 2]
    assert [invited for _, _, invited, _ in told(groups)] == [28, 20, 70, 70, 40]


def test_groups_without_groups_below_them_are_shown_beside_each_other() -> None:
    def number(*groups: NewCell) -> int:
        return innermost(prospects(groups, Thresholds()))

    company = (group("Company", 0), group("Sales", 12, 0), group("Plant", 9, 0))
    assert number(*company) == 2
    assert number(*company, group("Late", 8, 2)) == 2
    assert number(*company, group("Office", 8)) == 3
    assert (number(group("Everyone", 30)), number()) == (0, 0)


def test_raised_thresholds_hide_more() -> None:
    assert told([group("Sales", 12)], least_for_scores=12) == [("Sales", 0, 12, 12)]
    assert told([group("Sales", 12)], least_for_scores=13) == [("Sales", 0, 12, None)]


def test_the_share_is_rounded_up() -> None:
    (one,) = prospects([group("Sales", 12)], Thresholds())
    assert one.share == 42  # five of twelve
    assert one.comments == 10
