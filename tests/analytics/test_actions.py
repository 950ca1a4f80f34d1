"""Action notes beside a release, and managers who see their own groups alone."""

import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics import plain
from analytics.action_notes import Writing, rewrite
from analytics.managing import managed_keys, own_keys
from analytics.models import ActionEntry, ActionNote, Release
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Segment, SegmentsPart
from analytics.release_sections.actions import actions_section, change_in_words
from analytics.release_sections.beside import Beside, Note
from analytics.release_sections.parts import Parts
from analytics.results import Absent
from analytics.sentences import SENTENCES, actions, say
from analytics.trend import ScaleTrend, Shift, Step, TrendPart
from surveys.fieldwork.cells import key_of_unit
from surveys.models import (
    Cell,
    ManagedUnit,
    Membership,
    Organization,
    RoleSections,
    Survey,
    Unit,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.commented import make_note, member_of, only
from tests.analytics.release_samples import (
    SCALES,
    everyone,
    facts,
    part_texts,
    score,
    segment,
)
from tests.analytics.test_publishing import publish, team_wave
from tests.factories import make_member, make_organization, make_survey, signed_in
from tests.released import make_release
from tests.surveys.asked import make_unit
from tests.surveys.test_members import asked_wave, make_manager

NORTH, SOUTH = 2.27, 6.33  # means that stand nowhere else on a page
OF_NORTH = re.compile(r"(?<![\d.])2\.(3|27|28|29)(?!\d)")
OF_SOUTH = re.compile(r"(?<![\d.])6\.(3|33|34|35)(?!\d)")
CAUSAL = ("because of the", "thanks to", "led to", "brought", "caused", "effect")


# --------------------------------------------------------------- the pure section


def note(wave: int = 2, key: str = "unit:north", **changed: Any) -> Note:
    one = Note(
        id="1",
        segment=key,
        name=Text("North", "北部"),
        wave=wave,
        text="Meet once a week.",
        who="Team lead",
        until="2026-09-01",
        status="doing",
        may_write=False,
    )
    return replace(one, **changed)


def trend(
    key: str = "unit:north",
    *,
    since: int | None = 2,
    low: float = 0.1,
    high: float = 0.5,
    mixing: bool = False,
) -> TrendPart:
    absent = Absent(say("trend_first"))
    change = absent if since is None else Shift((low + high) / 2, low, high, "Welch")
    step = Step(since, change, absent, reworded=False)
    return TrendPart(
        segment=key,
        name=Text("North", "北部"),
        waves=(1, 2, 3),
        scales={"CARE": ScaleTrend((), step, (), ())},
        events=(),
        mixing=say("trend_mixes", joined=3, left=2) if mixing else None,
        children=(),
    )


def section_of(
    *notes: Note, found: TrendPart | None = None, language: str = "en", **more: Any
) -> Any:
    texts = part_texts(only(everyone(), segment("unit:north", Text("N", "北"), {})))
    if found is not None:
        name = "trend" if found.segment == EVERYONE else f"trend/{found.segment}"
        texts[name] = json.dumps(plain.to_plain(found))
    parts = Parts(texts, facts(), beside=Beside(notes=notes), **more)
    return actions_section(parts, language)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_without_notes_the_section_says_what_they_are_for(language: str) -> None:
    section = section_of(language=language)
    assert section.none == say("actions_none").text(language)
    assert (section.groups, section.rule) == ((), "")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_note_stands_beside_the_change_since(language: str) -> None:
    section = section_of(note(), found=trend(), language=language)
    (group,) = section.groups
    assert group.notes[0].text == "Meet once a week."
    assert group.notes[0].status == say("action_doing").text(language)
    assert [cell.text for _, cell in group.changes.rows[0].cells] == [
        "2",
        "+0.30 [0.10, 0.50]",
        say("action_clear").text(language),
    ]
    assert group.changes.rows[0].head.text == SCALES["CARE"].in_language(language)
    assert section.rule == say("actions_rule").text(language)
    assert group.said == ()


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (0.01, 0.5, "action_clear"),
        (0.0, 0.5, "action_unclear"),
        (-0.01, 0.5, "action_unclear"),
        (-0.5, 0.0, "action_unclear"),
        (-0.5, -0.01, "action_clear"),
    ],
)
def test_a_change_is_told_where_its_interval_leaves_out_zero(
    low: float, high: float, code: str
) -> None:
    (group,) = section_of(note(), found=trend(low=low, high=high)).groups
    assert group.changes.rows[0].cells[-1][1].text == say(code).text("en")


def test_a_note_of_this_wave_waits_for_the_next_report() -> None:
    section = section_of(note(wave=3), found=trend())
    (group,) = section.groups
    assert group.changes is None
    assert group.said == (say("action_first").text("en"),)
    assert section.rule == ""


@pytest.mark.parametrize("found", [None, trend(since=None)])
def test_where_nothing_can_be_compared_it_says_so(found: TrendPart | None) -> None:
    (group,) = section_of(note(wave=1), found=found).groups
    assert group.changes is None
    assert group.said == (say("action_unknown", segment="North").text("en"),)


def test_a_comparison_that_mixes_people_says_so() -> None:
    (group,) = section_of(note(), found=trend(mixing=True)).groups
    assert group.said == (say("trend_mixes", joined=3, left=2).text("en"),)


def test_the_change_of_a_hidden_group_does_not_reach_a_manager() -> None:
    visible = frozenset({EVERYONE})
    (group,) = section_of(note(), found=trend(), visible=visible).groups
    assert group.changes is None


def test_groups_stand_in_the_order_of_the_report_and_lost_ones_last() -> None:
    section = section_of(
        note(key="unit:gone", name=Text("Gone", "已撤")),
        note(),
        note(key=EVERYONE, name=Text("Everyone", "全体")),
    )
    assert [group.name for group in section.groups] == ["Everyone", "North", "Gone"]


def test_no_sentence_claims_a_cause() -> None:
    for code, (english, _) in actions.ACTIONS.items():
        said = english.replace("because of it, these numbers cannot tell", "")
        assert not any(word in said for word in CAUSAL), code


def test_every_condition_belongs_to_a_sentence() -> None:
    assert set(actions.CONDITIONS) <= set(actions.ACTIONS) <= set(SENTENCES)


def test_a_change_is_written_with_signs_of_its_own() -> None:
    words = change_in_words(Shift(-0.3, -0.5, 0.1, "Welch"))
    assert words == "\u22120.30 [\u22120.50, 0.10]"


# --------------------------------------------------------------- a wave of two teams


class Company:
    """Two teams below one department, their wave, and its release."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.top = make_unit(organization, "top")
        self.north = make_unit(organization, "north", self.top)
        self.south = make_unit(organization, "south", self.top)
        self.wave = asked_wave(organization, {self.north: 20, self.south: 22})
        with organization_scope(organization.pk):
            self.cells = {
                cell.name_en: cell for cell in Cell.objects.filter(wave=self.wave)
            }
        self.part = only(
            everyone(cell=str(self.cells["Team top"].pk)),
            self.team("Team north", NORTH),
            self.team("Team south", SOUTH),
        )
        self.release = make_release(self.wave, part_texts(self.part))

    def team(self, name: str, mean: float) -> Segment:
        cell = self.cells[name]
        scores = {code: score(mean + 0.01 * k) for k, code in enumerate(SCALES)}
        return segment(
            f"unit:{cell.key}", Text(name, f"{name}队"), scores, cell=str(cell.pk)
        )

    def key(self, name: str) -> str:
        return f"unit:{self.cells[name].key}"

    def manager(self, *units: Unit, email: str = "lead@example.org") -> Client:
        member = make_manager(self.organization, *units, email=email)
        return signed_in(member.user)


@pytest.fixture
def company(organization: Organization) -> Company:
    return Company(organization)


def keys_of(member: Membership, wave: Wave, part: SegmentsPart) -> set[str]:
    with organization_scope(wave.organization_id):
        return set(managed_keys(member, wave, part))


def test_a_manager_sees_the_own_group_and_those_above(company: Company) -> None:
    member = make_manager(company.organization, company.north)
    seen = keys_of(member, company.wave, company.part)
    assert seen == {EVERYONE, company.key("Team north")}
    with organization_scope(company.organization.pk):
        own = own_keys(member, company.wave, company.part)
    assert own == {company.key("Team north")}


def test_the_manager_of_all_sees_no_team_below(company: Company) -> None:
    member = make_manager(company.organization, company.top)
    assert keys_of(member, company.wave, company.part) == {EVERYONE}


def test_where_the_own_group_is_not_in_the_release_the_one_above_is(
    company: Company,
) -> None:
    member = make_manager(company.organization, company.north)
    without = only(
        *(one for one in company.part.segments if "north" not in one.name.en)
    )
    assert keys_of(member, company.wave, without) == {EVERYONE}


def test_who_manages_nothing_sees_nothing(company: Company) -> None:
    member = make_manager(company.organization)
    assert keys_of(member, company.wave, company.part) == set()


def test_units_of_people_known_by_name_are_found_by_themselves(
    company: Company,
) -> None:
    """In the identified mode segments are units, without cells."""
    tree = (("top", EVERYONE), ("north", "top"), ("south", "top"))
    units = {"top": company.top, "north": company.north, "south": company.south}

    def key(name: str) -> str:
        return name if name == EVERYONE else f"unit:{key_of_unit(units[name].pk)}"

    named = only(
        everyone(),
        *(
            segment(key(name), Text(name, name), {}, parent=key(above))
            for name, above in tree
        ),
    )
    member = make_manager(company.organization, company.north)
    assert keys_of(member, company.wave, named) == {key("north"), key("top"), EVERYONE}
    below = make_unit(company.organization, "below", company.south)
    other = make_manager(company.organization, below, email="two@example.org")
    assert keys_of(other, company.wave, named) == {key("south"), key("top"), EVERYONE}


# ------------------------------------------------------- managers on every face


def faces(company: Company) -> Sequence[str]:
    release, wave = company.release, company.wave
    south = company.key("Team south")
    return (
        reverse("analytics:report", args=[wave.pk]),
        reverse("analytics:report", args=[wave.pk]) + f"?segment={south}",
        reverse("analytics:release", args=[release.pk]),
        reverse("analytics:notes", args=[wave.pk]),
        reverse("analytics:release-files", args=[release.pk]),
    )


def test_a_manager_never_meets_the_numbers_of_a_sibling(company: Company) -> None:
    analyst = make_member(
        company.organization, email="an@example.org", role=Role.ANALYST
    )
    report = faces(company)[0]
    assert OF_SOUTH.search(signed_in(analyst).get(report).content.decode())
    lead = company.manager(company.north)
    for address in faces(company):
        for headers in ({}, {"HX-Request": "true", "HX-Target": "teams"}):
            reply = lead.get(address, headers=headers)
            assert reply.status_code == 200, address
            page = reply.content.decode()
            assert not OF_SOUTH.search(page), address
            assert "Team south" not in page, address
    assert OF_NORTH.search(lead.get(report).content.decode())


def test_the_files_of_a_manager_are_of_the_own_group(company: Company) -> None:
    lead = company.manager(company.north)
    for ending in ("pdf", "slides"):
        address = reverse(f"analytics:release-{ending}", args=[company.release.pk])
        assert lead.get(address).status_code == 200
    # slides are archives of readable text
    with zipfile.ZipFile(io.BytesIO(lead.get(address).content)) as archive:
        told = "".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )
    assert "Team north" in told
    assert "Team south" not in told
    assert not OF_SOUTH.search(re.sub(r"<[^>]*>", " ", told))


def test_a_manager_opens_no_answers_and_no_comments(company: Company) -> None:
    lead = company.manager(company.north)
    wave, survey = company.wave.pk, company.wave.survey_id
    closed = (
        ("analytics:comments", wave),
        ("analytics:report-json", wave),
        ("analytics:analysis", wave),
        ("analytics:analyse", wave),
        ("surveys:wave", wave),
        ("analytics:export", survey),
        ("surveys:messages", wave),
        ("surveys:launch", survey),
    )
    for name, key in closed:
        address = reverse(name, args=[key])
        refused = {lead.get(address).status_code, lead.post(address).status_code}
        assert refused <= {403, 405}, name
        assert 403 in refused, name
    with organization_scope(company.organization.pk):
        assert not RoleSections.objects.exists()


def test_a_manager_begins_with_the_reports_of_the_own_units(company: Company) -> None:
    lead = company.manager(company.north)
    idle = company.manager(email="none@example.org")
    report = reverse("analytics:report", args=[company.wave.pk])
    assert report in text(lead.get("/", follow=True))
    assert report not in text(idle.get("/", follow=True))
    page = text(lead.get(report))
    assert reverse("surveys:survey", args=[company.wave.survey_id]) not in page
    assert reverse("surveys:people") not in page


def test_who_manages_no_unit_of_the_wave_is_refused(company: Company) -> None:
    stranger = company.manager(email="none@example.org")
    beside = make_unit(company.organization, "idle")
    idle = company.manager(beside, email="idle@example.org")
    for client in (stranger, idle):
        for address in faces(company):
            assert client.get(address).status_code == 403, address


def test_sections_that_are_closed_to_a_role_are_on_no_page(company: Company) -> None:
    lead = company.manager(company.north)
    with organization_scope(company.organization.pk):
        RoleSections.objects.create(
            organization=company.organization, role="manager", sections=["glance"]
        )
    page = lead.get(faces(company)[0]).content.decode()
    assert 'id="glance"' in page
    for closed in ("teams", "trend", "actions", "comments", "methods"):
        assert f'id="{closed}"' not in page
    assert lead.get(faces(company)[3]).status_code == 403


# ------------------------------------------------------------------- writing notes


def notes_page(company: Company) -> str:
    return reverse("analytics:notes", args=[company.wave.pk])


def said(segment_key: str, **changed: str) -> dict[str, str]:
    return {
        "segment": segment_key,
        "text": "Talk about workload every Monday.",
        "who": "Li Na",
        "until": "2026-09-30",
        "status": "planned",
        **changed,
    }


def stored(company: Company) -> list[Any]:
    with organization_scope(company.organization.pk):
        return list(ActionNote.objects.as_they_stand())


def text(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def test_a_note_is_written_and_stands_in_the_report(
    company: Company, owner: Client
) -> None:
    reply = owner.post(notes_page(company), said(company.key("Team north")))
    assert reply.status_code == 302
    (one,) = stored(company)
    assert (one.text, one.who, one.status) == (
        "Talk about workload every Monday.",
        "Li Na",
        "planned",
    )
    assert one.until == date(2026, 9, 30)
    for address in (faces(company)[0], notes_page(company)):
        page = text(owner.get(address))
        assert "Talk about workload every Monday." in page
        assert "By Li Na" in page
        assert "Due 2026-09-30" in page
    chinese = owner.get(notes_page(company), headers={"Accept-Language": "zh-hans"})
    assert "负责人：Li Na" in text(chinese)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 2001},
        {"status": "wished"},
        {"until": "soon"},
        {"segment": "unit:unknown"},
        {"segment": "language:en"},
    ],
    ids=str,
)
def test_what_is_wrong_is_not_stored(
    company: Company, owner: Client, wrong: dict[str, str]
) -> None:
    values = said(company.key("Team north")) | wrong
    assert "errorlist" in text(owner.post(notes_page(company), values))
    assert stored(company) == []


def test_by_whom_and_until_when_may_stay_open(company: Company, owner: Client) -> None:
    owner.post(notes_page(company), said(EVERYONE, who="", until=""))
    (one,) = stored(company)
    assert (one.who, one.until, one.segment) == ("", None, EVERYONE)


def test_what_was_said_before_is_kept(company: Company, owner: Client) -> None:
    owner.post(notes_page(company), said(company.key("Team north")))
    (one,) = stored(company)
    address = reverse("analytics:note", args=[one.pk])
    change = {"text": one.text, "who": "Li Na", "until": "", "status": "done"}
    assert owner.post(address, change).status_code == 302
    owner.post(address, change)  # the same again is not said twice
    with organization_scope(company.organization.pk):
        entries = ActionEntry.objects.filter(note=one).order_by("number")
        told = [(entry.status, entry.written_by) for entry in entries]
    assert told == [("planned", "owner@example.org"), ("done", "owner@example.org")]
    history = text(owner.get(address))
    assert "planned" in history
    assert "done" in history
    assert stored(company)[0].status == "done"


def test_a_manager_writes_about_the_own_team_only(company: Company) -> None:
    lead = company.manager(company.north)
    lead.post(notes_page(company), said(company.key("Team north")))
    (one,) = stored(company)
    for other in (company.key("Team south"), EVERYONE):
        assert "errorlist" in text(lead.post(notes_page(company), said(other)))
    address = reverse("analytics:note", args=[one.pk])
    change = {"text": "Now twice a week.", "who": "", "until": "", "status": "doing"}
    assert lead.post(address, change).status_code == 302
    assert stored(company)[0].text == "Now twice a week."


def test_a_manager_meets_no_note_of_a_sibling(company: Company) -> None:
    south, everybody = company.part.segments[2], company.part.segments[0]
    hidden = make_note(company.wave, south, "South plans a workshop.")
    above = make_note(company.wave, everybody, "All meet in May.")
    lead = company.manager(company.north)
    for address in (faces(company)[0], notes_page(company)):
        page = text(lead.get(address))
        assert "South plans a workshop." not in page
        assert "All meet in May." in page
    hidden_page = reverse("analytics:note", args=[hidden.pk])
    change = {"text": "Ours now.", "who": "", "until": "", "status": "done"}
    assert lead.get(hidden_page).status_code == 404
    assert lead.post(hidden_page, change).status_code == 404
    above_page = reverse("analytics:note", args=[above.pk])
    assert "Change the note" not in text(lead.get(above_page))
    assert lead.post(above_page, change).status_code == 403


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.OWNER, True, True),
        (Role.ANALYST, True, True),
        (Role.AUDITOR, True, False),
        (Role.FIELDWORKER, False, False),
    ],
)
def test_who_reads_and_writes_notes(
    company: Company, role: Role, reads: bool, writes: bool
) -> None:
    user = make_member(company.organization, email=f"{role}@example.org", role=role)
    client = signed_in(user)
    assert client.get(notes_page(company)).status_code == (200 if reads else 403)
    client.post(notes_page(company), said(EVERYONE))
    assert len(stored(company)) == writes


def test_a_note_of_a_later_wave_is_not_in_an_earlier_report(company: Company) -> None:
    with organization_scope(company.organization.pk):
        later = Wave.objects.create(
            organization=company.organization,
            survey_id=company.wave.survey_id,
            form_id=company.wave.form_id,
            number=company.wave.number + 1,
            opened_at=company.wave.opened_at,
        )
    make_note(later, company.part.segments[0], "Written next year.")
    make_note(company.wave, company.part.segments[0], "Written this year.")
    user = make_member(company.organization)
    page = text(signed_in(user).get(notes_page(company)))
    assert "Written this year." in page
    assert "Written next year." not in page


def test_two_changes_at_once_are_two_entries(company: Company) -> None:
    """The row of the note is locked, so that numbers never collide."""
    one = make_note(company.wave, company.part.segments[0])
    for number in (2, 3):
        with organization_scope(company.organization.pk):
            changed = Writing(f"Version {number}.", "", None, "doing")
            assert rewrite(one, changed, by="x@example.org", at=company.wave.opened_at)
    with organization_scope(company.organization.pk):
        numbers = ActionEntry.objects.filter(note=one).values_list("number", flat=True)
        assert sorted(numbers) == [1, 2, 3]


def test_without_a_release_there_is_nothing_to_write_beside(
    organization: Organization, owner: Client
) -> None:
    unit = make_unit(organization, "1")
    wave = asked_wave(organization, {unit: 12})
    address = reverse("analytics:notes", args=[wave.pk])
    assert "this wave has none yet" in text(owner.get(address))
    owner.post(address, said(EVERYONE))
    with organization_scope(organization.pk):
        assert not ActionNote.objects.exists()
        assert not Release.objects.exists()


def test_notes_of_another_organization_do_not_exist(company: Company) -> None:
    one = make_note(company.wave, company.part.segments[0])
    other = signed_in(make_member(make_organization("Hill"), email="h@example.org"))
    assert other.get(reverse("analytics:note", args=[one.pk])).status_code == 404
    assert other.get(notes_page(company)).status_code == 404


def test_the_member_of_a_removed_unit_sees_nothing_more(company: Company) -> None:
    member = make_manager(company.organization, company.north)
    with organization_scope(company.organization.pk):
        ManagedUnit.objects.filter(membership=member).delete()
        again = Membership.objects.get(pk=member.pk)
    assert keys_of(again, company.wave, company.part) == set()
    assert member_of(company.organization, member.user).role == Role.MANAGER
    assert company.wave.survey.mode == Survey.Mode.ANONYMOUS


def test_the_next_published_report_shows_the_change_beside_the_note(
    organization: Organization, owner: Client
) -> None:
    """Through the real queue: two waves, a note in between, and the trend of both."""
    survey = make_survey(organization, mode="anonymous")
    first = team_wave(12, 14, survey=survey, seed=1)
    assert publish(first).state == Release.State.PUBLISHED
    page = reverse("analytics:notes", args=[first.pk])
    (key,) = re.findall(r'value="(unit:[0-9a-f]+)">\s*Team 0', text(owner.get(page)))
    assert owner.post(page, said(key)).status_code == 302
    assert "the next report will show" in text(owner.get(page))
    second = team_wave(12, 14, survey=survey, seed=2)
    assert publish(second).state == Release.State.PUBLISHED
    report = text(owner.get(reverse("analytics:report", args=[second.pk])))
    assert "Talk about workload every Monday." in report
    assert "The scores of wave 2 beside those before" in report
    assert re.search(r"[+\u2212]\d\.\d\d \[\u2212?\d\.\d\d, \u2212?\d\.\d\d\]", report)
