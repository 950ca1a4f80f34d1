"""Comments of a release: when they open, what is told of them, who codes and hides."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics import coding, comments, plain, thresholds
from analytics.coding_agreement import agreement_of, verdict
from analytics.comment_part import CommentsPart, comments_of
from analytics.models import CodingReveal, CommentHiding, CommentTag, Release
from analytics.plan import Text
from analytics.release_sections.beside import Beside, Tagged
from analytics.release_sections.comments import comments_section, count_in_words
from analytics.release_sections.parts import Parts
from analytics.results import Absent, Figure
from analytics.sentences import SENTENCES, say
from analytics.sentences import comments as words
from surveys.models import Organization, RoleSections, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.commented import (
    WORDS,
    commented_wave,
    comments_in,
    make_tag,
    member_of,
    release_of,
)
from tests.analytics.release_samples import facts
from tests.factories import (
    NOW,
    make_comment,
    make_every_kind_wave,
    make_member,
    make_responses,
    signed_in,
)

BOX = Text("Comment at the end", "结尾的评论")
OPEN_QUESTION = Text("What helps?", "什么有帮助？")


# ------------------------------------------------------------------- the pure part


def part(answered: int = 12, *, least: int = 10, **counts: int) -> CommentsPart:
    asked = [("A.WHY", OPEN_QUESTION), ("", BOX)]
    found = {"A.WHY": counts.get("why", 0), "": counts.get("box", 0)}
    return comments_of(asked, found, answered=answered, least=least, shuffle="0f")


@pytest.mark.parametrize(
    ("answered", "number", "code"),
    [
        (9, 10, "comments_few_answers"),
        (10, 9, "comments_few"),
        (10, 10, None),
        (11, 11, None),
    ],
)
def test_comments_open_at_ten_answers_and_ten_comments(
    answered: int, number: int, code: str | None
) -> None:
    _, box = part(answered, box=number).questions
    assert (box.reason and box.reason.code) == code
    assert box.count == (None if code else number)


@pytest.mark.parametrize("number", [14, 15])
def test_a_wave_that_promised_more_needs_more(number: int) -> None:
    assert bool(part(20, least=15, box=number).shown) is (number >= 15)


def test_each_question_needs_its_own_ten() -> None:
    """A question may have been asked of a few people only, whom it would tell."""
    found = part(30, why=9, box=25)
    assert [one.code for one in found.shown] == [""]
    assert found.total == 25


def test_the_part_survives_storing_and_holds_no_text() -> None:
    stored = plain.to_plain(part(30, why=9, box=25))
    assert [one["count"] for one in stored["questions"]] == [None, 25]
    assert plain.from_plain(CommentsPart, json.loads(json.dumps(stored))) == part(
        30, why=9, box=25
    )


# -------------------------------------------------------------------- the section


def section_of(
    found: CommentsPart | None, language: str = "en", beside: Beside | None = None
) -> Any:
    texts = {} if found is None else {"comments": json.dumps(plain.to_plain(found))}
    parts = Parts(texts, facts(), beside=beside or Beside())
    return comments_section(parts, language)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_section_says_why_there_is_nothing(language: str) -> None:
    nothing = comments_of([], {}, answered=50, least=10, shuffle="0f")
    for found, code in (
        (None, "comments_not_published"),
        (nothing, "comments_not_asked"),
        (part(9, box=9), "comments_few_answers"),
        (part(10, box=9), "comments_few"),
    ):
        section = section_of(found, language)
        assert section.missing == say(code, needs=10).text(language)
        assert not section.readable
        assert section.rules == ()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_section_counts_by_question_and_says_what_is_hidden(language: str) -> None:
    section = section_of(part(30, why=9, box=25), language, Beside(hidden=2))
    counts = [row.cells[0][1].text for row in section.questions.rows]
    assert counts == ["–", "25"]
    assert section.questions.notes == (say("comments_few", needs=10).text(language),)
    assert say("comments_hidden", count=2).text(language) in section.rules
    assert say("comments_rule").text(language) in section.rules


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (6, "6")],
)
def test_small_numbers_of_a_tag_are_not_told(count: int, said: str) -> None:
    assert count_in_words(count, "en") == said
    assert thresholds.TAG_COUNT == 5


@pytest.mark.parametrize(
    ("tagged", "code"),
    [
        (Tagged("own", (), None), "tags_none"),
        (Tagged("own", ((BOX, 7),), None), "tags_own"),
        (Tagged("all", ((BOX, 7),), None), "tags_all"),
        (Tagged("wait", ((BOX, 0),), None), "tags_wait"),
    ],
)
def test_the_tags_say_whose_they_are(tagged: Tagged, code: str) -> None:
    section = section_of(part(30, box=25), beside=Beside(tagged))
    assert section.tags.notes == (say(code).text("en"),)
    assert section.agreement is None


# ------------------------------------------------------------------- agreement


def alpha(low: float | None, estimate: float = 0.9) -> Figure:
    return Figure(estimate, low, None if low is None else 0.99, 40, "alpha")


@pytest.mark.parametrize(
    ("low", "read"),
    [
        (0.801, "reliable"),
        (0.800, "reliable"),
        (0.799, "tentative"),
        (0.667, "tentative"),
        (0.666, "unreliable"),
        (None, "few"),
    ],
)
def test_alpha_is_read_by_the_lower_end(low: float | None, read: str) -> None:
    assert verdict(alpha(low)) == read
    assert verdict(Absent(say("coding_one"))) == "undefined"


def coder(*given: int, tag: str = "t", number: int = 30) -> dict[str, frozenset[str]]:
    """Say of every comment whether it has the tag."""
    return {
        str(one): frozenset({tag}) if one in given else frozenset()
        for one in range(number)
    }


def test_agreement_compares_what_both_coded() -> None:
    first, second = coder(*range(12)), coder(*range(10), number=25)
    found = agreement_of([("t", BOX)], [first, second], seed=1)
    assert (found.coders, found.comments) == (2, 25)
    (on_tag,) = found.tags
    assert on_tag.used == 12
    assert isinstance(on_tag.alpha, Figure)
    assert isinstance(on_tag.kappa, Figure)
    assert on_tag.alpha.n == 25
    # 10 both, 13 neither, 2 only the first: p_e = (12 * 10 + 13 * 15) / 625
    assert on_tag.kappa.estimate == pytest.approx((0.92 - 0.504) / (1 - 0.504))
    assert plain.from_plain(type(found), plain.to_plain(found)) == found


def test_three_coders_have_no_kappa_and_a_tag_nobody_used_no_alpha() -> None:
    coders = [coder(*range(12)), coder(*range(10)), coder(*range(11))]
    used, unused = agreement_of([("t", BOX), ("x", BOX)], coders, seed=1).tags
    assert used.kappa is None
    assert isinstance(unused.alpha, Absent)
    assert unused.used == 0


@pytest.mark.parametrize(("number", "said"), [(19, True), (20, False)])
def test_few_comments_say_that_there_is_no_interval(number: int, said: bool) -> None:
    coders = [coder(*range(9), number=number), coder(*range(8), number=number)]
    found = agreement_of([("t", BOX)], coders, seed=1)
    section = section_of(
        part(30, box=25), beside=Beside(Tagged("all", ((BOX, 9),), found))
    )
    few = say("coding_few_units", needs=20).text("en")
    assert (few in section.agreement.notes) is said
    (row,) = section.agreement.rows
    assert (row.cells[1][1].text == "–") is said
    assert (row.cells[3][1].text == "Too few") is said


def test_a_rare_tag_says_that_it_is_too_rare() -> None:
    found = agreement_of([("t", BOX)], [coder(0), coder(1)], seed=1)
    section = section_of(
        part(30, box=25), beside=Beside(Tagged("all", ((BOX, 2),), found))
    )
    assert say("coding_rare", tag=BOX).text("en") in section.agreement.notes


def test_every_condition_belongs_to_a_sentence() -> None:
    assert set(words.CONDITIONS) <= set(words.COMMENTS) <= set(SENTENCES)


# ----------------------------------------------------------- what may be read at all


def test_without_a_published_part_there_are_no_comments(
    organization: Organization,
) -> None:
    wave = commented_wave(organization)
    release = release_of(wave)
    with organization_scope(organization.pk):
        found = comments.part_of(wave, answered=12)
        assert comments.reading_of(release, found).all().count() == 12
        for state in set(Release.State) - {Release.State.PUBLISHED}:
            release.state = state
            with pytest.raises(comments.NoComments, match="no published release"):
                comments.reading_of(release, found)
        release.state = Release.State.PUBLISHED
        few = comments.part_of(wave, answered=9)
        for closed in (None, few):
            with pytest.raises(comments.NoComments):
                comments.reading_of(release, closed)


def test_the_order_is_drawn_anew_and_says_nothing(organization: Organization) -> None:
    wave = commented_wave(organization, 40)
    orders = []
    with organization_scope(organization.pk):
        for _ in range(3):
            found = comments.part_of(wave, answered=40)
            reading = comments.Reading(wave.pk, found)
            first, again = ([one.text for one in reading.all()] for _ in range(2))
            assert first == again
            orders.append(tuple(first))
    assert len(set(orders)) == 3
    assert len({frozenset(order) for order in orders}) == 1


def test_questions_of_a_form_stand_in_its_order(organization: Organization) -> None:
    wave = make_every_kind_wave()
    with organization_scope(wave.organization_id):
        asked = comments.asked(Wave.objects.get(pk=wave.pk).form.asked())
    codes = [code for code, _ in asked]
    assert codes[-1] == ""
    assert len(codes) > 1
    assert all(text.en and text.zh_hans for _, text in asked)


def test_a_hidden_question_is_not_read(organization: Organization) -> None:
    wave = make_every_kind_wave()
    make_responses(wave, 12)
    with organization_scope(wave.organization_id):
        (code, _), *_ = comments.asked(wave.form.asked())
    for one in range(12):
        make_comment(wave, f"At the end {one}.")
    make_comment(wave, "I am the only one who was asked this.", question=code)
    with organization_scope(wave.organization_id):
        reading = comments.Reading(wave.pk, comments.part_of(wave, answered=12))
        texts = [one.text for one in reading.all()]
    assert len(texts) == 12
    assert "I am the only one who was asked this." not in texts


# ------------------------------------------------------------------------- the page


def page_of(wave: Wave) -> str:
    return reverse("analytics:comments", args=[wave.pk])


def text(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def shown(reply: Any) -> list[str]:
    return re.findall(rf"{WORDS} \d+\.", text(reply))


def wanted(**changed: str) -> dict[str, str]:
    return {"words": "", "question": "*", "tag": "*", **changed}


def test_the_page_shows_comments_and_nothing_beside_them(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    page = text(owner.get(page_of(wave)))
    assert page.count(WORDS) == 12
    assert "Hide this comment from everybody" in page
    chinese = owner.get(page_of(wave), headers={"Accept-Language": "zh-hans"})
    assert 'lang="zh-Hans"' in text(chinese)


@pytest.mark.parametrize(
    ("answers", "number"), [(9, 12), (12, 9)], ids=["few answers", "few comments"]
)
def test_too_few_are_not_shown(
    organization: Organization, owner: Client, answers: int, number: int
) -> None:
    wave = commented_wave(organization, number)
    release_of(wave, answers=answers)
    page = text(owner.get(page_of(wave)))
    assert WORDS not in page
    assert "there are fewer" in page
    assert WORDS not in text(owner.post(page_of(wave), wanted(words="Comment")))


def test_without_a_release_nothing_is_shown(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    assert "this wave has none yet" in text(owner.get(page_of(wave)))
    assert WORDS not in text(owner.post(page_of(wave), wanted()))


def test_the_words_of_a_search_stand_in_no_address(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    make_comment(wave, "100% of the Tea_room is cold 茶水间很冷 (a+)+$")
    release_of(wave)
    for asked in ("100%", "TEA_room", "茶水间", "(a+)+$"):
        assert "1 comment found" in text(owner.post(page_of(wave), wanted(words=asked)))
    for asked in ("%", "_", "("):
        found = text(owner.post(page_of(wave), wanted(words=asked)))
        assert "1 comment found" in found
    assert shown(owner.get(page_of(wave), {"words": "Tea_room"})) != []
    page = text(owner.get(page_of(wave)))
    assert 'method="get"' not in page


def test_pages_of_twenty_five(organization: Organization, owner: Client) -> None:
    wave = commented_wave(organization, 30)
    release_of(wave)
    first = shown(owner.get(page_of(wave)))
    second = shown(owner.post(page_of(wave), wanted(page="2")))
    assert (len(first), len(second)) == (25, 5)
    assert len({*first, *second}) == 30


def test_the_number_of_questions_to_the_database_is_fixed(
    organization: Organization, owner: Client, django_assert_max_num_queries: Any
) -> None:
    wave = commented_wave(organization, 40)
    release_of(wave)
    make_tag(wave)
    owner.get(page_of(wave))
    with django_assert_max_num_queries(32):
        owner.get(page_of(wave))


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_comments(organization: Organization, role: Role) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    user = make_member(organization, email=f"{role}@example.org", role=role)
    reply = signed_in(user).get(page_of(wave))
    may = role in {Role.OWNER, Role.ANALYST}
    assert reply.status_code == (200 if may else 403)
    assert (WORDS in reply.content.decode()) is may


def test_owners_may_open_and_close_them_to_a_role(organization: Organization) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    make_tag(wave)
    with organization_scope(organization.pk):
        for role, sections in (("auditor", ["comments"]), ("analyst", ["glance"])):
            RoleSections.objects.create(
                organization=organization, role=role, sections=sections
            )
    auditor, analyst = (
        signed_in(make_member(organization, email=f"{role}@example.org", role=role))
        for role in (Role.AUDITOR, Role.ANALYST)
    )
    page = text(auditor.get(page_of(wave)))
    assert WORDS in page
    assert "Keep my tags" not in page
    assert analyst.get(page_of(wave)).status_code == 403
    one = comments_in(wave)[0]
    for step in ("code", "hide", "tag", "reveal"):
        reply = auditor.post(page_of(wave), {"step": step, "comment": one.id})
        assert reply.status_code == 403


# ------------------------------------------------------------------- tags and coding


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name_en": "Workload"}, 1),
        ({"name_zh_hans": "工作量"}, 1),
        ({"name_en": "Pay", "name_zh_hans": "薪酬"}, 1),
        ({}, 0),
        ({"name_en": "x" * 61}, 0),
    ],
)
def test_a_tag_is_named_in_one_language_at_least(
    organization: Organization, owner: Client, given: dict[str, str], kept: int
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    owner.post(page_of(wave), {"step": "tag", **given})
    with organization_scope(organization.pk):
        assert CommentTag.objects.count() == kept


def test_a_tag_is_not_made_twice(organization: Organization, owner: Client) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    make_tag(wave, "Workload")
    reply = owner.post(page_of(wave), {"step": "tag", "name_en": "WORKLOAD"})
    assert "There is a tag with this name" in text(reply)


def code(client: Client, wave: Wave, number: int, *tags: CommentTag) -> Any:
    one = comments_in(wave)[number - 1]
    return client.post(
        page_of(wave),
        wanted() | {"step": "code", "comment": one.id, "tags": [t.pk for t in tags]},
    )


def test_coders_do_not_see_each_other_until_the_codings_are_shown(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization, 30)
    release_of(wave, answers=30)
    tag = make_tag(wave, "Workload")
    analyst = signed_in(
        make_member(organization, email="an@example.org", role=Role.ANALYST)
    )
    for number in range(1, 25):
        code(owner, wave, number, *([tag] if number <= 8 else []))
        code(analyst, wave, number, *([tag] if 2 <= number <= 8 else []))
    with organization_scope(organization.pk):
        assert len(coding.codings_of(wave)) == 2
    # each sees the own tags alone
    assert len(shown(owner.post(page_of(wave), wanted(tag=str(tag.pk))))) == 8
    assert len(shown(analyst.post(page_of(wave), wanted(tag=str(tag.pk))))) == 7
    assert len(shown(owner.post(page_of(wave), wanted(tag="todo")))) == 6
    assert "Workload · " not in text(owner.get(page_of(wave)))
    reply = analyst.post(page_of(wave), {"step": "reveal"})
    assert reply.status_code == 302
    assert len(shown(analyst.post(page_of(wave), wanted(tag=str(tag.pk))))) == 8
    page = text(owner.post(page_of(wave), wanted(tag=str(tag.pk))))
    assert page.count("Workload · 2") == 7
    assert page.count("Workload · 1") == 1


def test_the_agreement_stays_as_it_was_when_it_was_measured(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization, 24)
    release_of(wave, answers=24)
    tag = make_tag(wave)
    analyst = signed_in(
        make_member(organization, email="an@example.org", role=Role.ANALYST)
    )
    for number in range(1, 23):
        code(owner, wave, number, *([tag] if number <= 8 else []))
        code(analyst, wave, number, *([tag] if number <= 6 else []))
    owner.post(page_of(wave), {"step": "reveal"})
    with organization_scope(organization.pk):
        kept = CodingReveal.objects.get()
        found = coding.agreement_in(kept)
        assert kept.revealed_by == "owner@example.org"
    assert (found.coders, found.comments) == (2, 22)
    assert isinstance(found.tags[0].alpha, Figure)
    code(analyst, wave, 7, tag)
    code(analyst, wave, 8, tag)
    owner.post(page_of(wave), {"step": "reveal"})
    with organization_scope(organization.pk):
        assert coding.agreement_in(CodingReveal.objects.get()) == found


def test_one_coder_alone_has_nothing_to_show(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    code(owner, wave, 1, make_tag(wave))
    reply = owner.post(page_of(wave), {"step": "reveal"}, follow=True)
    assert "No comment was coded by two people yet" in text(reply)
    with organization_scope(organization.pk):
        assert not CodingReveal.objects.exists()


def test_coding_again_replaces_the_tags(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    first, second = make_tag(wave, "Pay"), make_tag(wave, "Tools")
    code(owner, wave, 1, first, second)
    code(owner, wave, 1, second)
    code(owner, wave, 2)
    one, two = comments_in(wave)[:2]
    with organization_scope(organization.pk):
        (own,) = coding.codings_of(wave).values()
    assert own == {one.id: frozenset({second.pk}), two.id: frozenset()}


def test_tags_of_another_survey_cannot_be_given(
    organization: Organization, owner: Client
) -> None:
    wave, other = commented_wave(organization), commented_wave(organization)
    release_of(wave)
    code(owner, wave, 1, make_tag(other))
    with organization_scope(organization.pk):
        assert coding.codings_of(wave) == {}


# ------------------------------------------------------------------------- hiding


def hide(client: Client, wave: Wave, number: int, step: str = "hide") -> Any:
    one = comments_in(wave)[number - 1]
    return client.post(page_of(wave), wanted() | {"step": step, "comment": one.id})


def test_an_owner_hides_a_comment_and_the_decision_stays_on_record(
    organization: Organization, owner: Client
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    assert f"{WORDS} 3." not in shown(hide(owner, wave, 3))
    hide(owner, wave, 3)
    analyst = signed_in(
        make_member(organization, email="an@example.org", role=Role.ANALYST)
    )
    assert len(shown(analyst.get(page_of(wave)))) == 11
    assert shown(owner.post(page_of(wave), wanted(tag="hidden"))) == [f"{WORDS} 3."]
    assert shown(analyst.post(page_of(wave), wanted(tag="hidden"))) != [f"{WORDS} 3."]
    assert hide(analyst, wave, 4).status_code == 403
    assert code(analyst, wave, 3).status_code == 404
    hide(owner, wave, 3, "show")
    assert len(shown(owner.get(page_of(wave)))) == 12
    with organization_scope(organization.pk):
        record = CommentHiding.objects.order_by("number")
        assert [(one.hidden, one.decided_by) for one in record] == [
            (True, "owner@example.org"),
            (False, "owner@example.org"),
        ]


@pytest.mark.parametrize("comment", ["", "nonsense", str(NOW)])
def test_a_comment_that_is_none_is_not_found(
    organization: Organization, owner: Client, comment: str
) -> None:
    wave = commented_wave(organization)
    release_of(wave)
    for step in ("hide", "code"):
        reply = owner.post(page_of(wave), {"step": step, "comment": comment})
        assert reply.status_code == 404


def test_a_comment_of_another_wave_is_not_found(
    organization: Organization, owner: Client
) -> None:
    wave, other = commented_wave(organization), commented_wave(organization)
    release_of(wave)
    foreign = comments_in(other)[0]
    reply = owner.post(page_of(wave), {"step": "hide", "comment": foreign.id})
    assert reply.status_code == 404


def test_numbers_beside_a_release_are_of_what_its_reader_sees(
    organization: Organization, owner: Client
) -> None:
    from analytics.release_reading import read_parts

    wave = commented_wave(organization)
    release = release_of(wave)
    tag = make_tag(wave)
    for number in range(1, 8):
        code(owner, wave, number, tag)
    hide(owner, wave, 1)
    users = {
        role: make_member(organization, email=f"new-{role}@example.org", role=role)
        for role in (Role.OWNER, Role.ANALYST, Role.AUDITOR)
    }
    counts = {}
    for name, user in users.items():
        member = member_of(organization, user)
        with organization_scope(organization.pk):
            release.wave = Wave.objects.select_related("survey").get(pk=wave.pk)
            found = read_parts(release, None, member).beside
        counts[str(name)] = (found.hidden, found.tagged and found.tagged.counts[0][1])
    assert counts == {"owner": (1, 0), "analyst": (1, 0), "auditor": (0, None)}
