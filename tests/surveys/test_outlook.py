"""What the owner is told of every unit before anybody is asked."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from surveys.definition import Text
from surveys.fieldwork.outlook import Audience, audience
from surveys.fieldwork.sampling import Whom
from surveys.models import Organization, Participant, Unit
from surveys.promise import Thresholds
from surveys.templatetags.bilingual import NAMED, names_in
from surveys.tenancy import organization_scope
from tests.factories import NOW
from tests.surveys.asked import make_people, make_unit


@pytest.fixture
def staff(organization: Organization) -> dict[str, Unit]:
    """A plant of three shifts, two of them small; an office with three people in charge."""
    units: dict[str, Unit] = {}
    for code, parent, number in (
        ("d-plant", "", 0),
        ("b-early", "d-plant", 12),
        ("c-late", "d-plant", 5),
        ("c-night", "d-plant", 4),
        ("a-office", "", 3),
        ("e-desk", "a-office", 9),
        ("f-attic", "", 0),
    ):
        units[code] = make_unit(organization, code, units.get(parent))
        make_people(organization, number, unit=units[code])
    return units


def told(organization: Organization, whom: Whom | None = None) -> Audience:
    with organization_scope(organization.pk):
        return audience(
            whom or Whom(), mode="anonymous", thresholds=Thresholds(), at=NOW
        )


def shown(found: Audience, language: str) -> str:
    context = {"audience": found, "LANGUAGE_CODE": language}
    with override(language):
        page = render_to_string("surveys/_audience.html", context)
    return " ".join(page.split())


def test_every_unit_stands_below_the_one_above_it(
    organization: Organization, staff: dict[str, Unit]
) -> None:
    found = told(organization)
    rows = [(x.name.en, x.depth, x.people, x.fate.value) for x in found.units]
    assert rows == [
        ("Team a-office", 0, 12, "alone"),
        ("Team e-desk", 1, 9, "difference"),
        ("Team d-plant", 0, 21, "alone"),
        ("Team b-early", 1, 12, "alone"),
        ("Team c-late", 1, 5, "small"),
        ("Team c-night", 1, 4, "small"),
    ]
    assert found.empty == 1


def test_who_is_too_few_for_any_other_group_counts_within_the_unit_above(
    organization: Organization,
) -> None:
    plant = make_unit(organization, "plant")
    for code, number in (("early", 12), ("late", 5), ("night", 14)):
        make_people(organization, number, unit=make_unit(organization, code, plant))
    make_people(organization, 3, unit=plant)
    found = told(organization)
    within = {x.name.en: x.within and x.within.en for x in found.units}
    assert within["Team late"] == "Team plant"
    assert "fewer than eight, so only within Team plant" in shown(found, "en")
    assert "不足八人，因此只在团队plant中报告" in shown(found, "zh-hans")


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "What becomes of each unit",
                "a group of its own",
                "fewer than eight, so together with Team c-night",
                "only within Team a-office: alone it would give away a few people",
                "In 1 more unit nobody is invited.",
            ],
        ),
        (
            "zh-hans",
            [
                "每个部门如何报告",
                "单独成为一个群体",
                "不足八人，因此与团队c-night合并",
                "只在团队a-office中报告：若单独显示，会暴露旁边的少数几人",
                "另有 1 个部门无人受邀。",
            ],
        ),
    ],
)
def test_the_page_says_with_whom_and_why(
    organization: Organization,
    staff: dict[str, Unit],
    language: str,
    sentences: list[str],
) -> None:
    page = shown(told(organization), language)
    for sentence in sentences:
        assert sentence in page


def test_values_of_an_attribute_stand_below_their_unit(
    organization: Organization, staff: dict[str, Unit]
) -> None:
    with organization_scope(organization.pk):
        Participant.objects.filter(unit=staff["b-early"]).update(
            attributes={"site": "North"}
        )
    found = told(organization, Whom(split="site"))
    rows = [(x.name.en, x.depth) for x in found.units]
    early = rows.index(("Team b-early", 1))
    assert rows[early + 1] == ("Team b-early · North", 2)


def test_without_units_or_groups_there_is_no_table(organization: Organization) -> None:
    make_people(organization, 9)
    assert "<details>" not in shown(told(organization), "en")
    with organization_scope(organization.pk):
        named = audience(Whom(), mode="identified", thresholds=Thresholds(), at=NOW)
    assert not named.units


def test_of_many_names_the_rest_is_counted() -> None:
    many = [Text(f"T{at}", f"组{at}") for at in range(NAMED + 3)]
    with override("en"):
        assert names_in(many, "en").endswith("T7 and 3 more")
        assert names_in(many[:2], "en") == "T0, T1"
    with override("zh-hans"):
        assert names_in(many[:2], "zh-hans") == "组0、组1"
        assert names_in(many, "zh-hans").endswith("组7等，另有 3 个")
