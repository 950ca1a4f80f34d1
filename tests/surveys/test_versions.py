"""Versions side by side, asking a newer one, and all waves in one file."""

import csv
import io
import threading
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys import actions, definition, revising, versions
from surveys.actions import AskedVersion
from surveys.definition import Lineage, Questionnaire, Text, questionnaire_to_yaml
from surveys.models import Form, Organization, QuestionnaireVersion, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    close_for_good,
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_wave,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def library() -> dict[tuple[str, int], QuestionnaireVersion]:
    return {(one.code, one.version): one for one in publish_library()}


@pytest.fixture
def survey(
    organization: Organization, library: dict[tuple[str, int], QuestionnaireVersion]
) -> Survey:
    """A survey that asks TBE 1 and OUT-C 1; OUT-C 2 is out."""
    with organization_scope(organization.pk):
        return actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=library["TBE", 1],
            outcomes=[library["OUT-C", 1]],
            title=Text("Trust in our tea", "我们的茶可信吗"),
            referent="brand",
            comment=True,
            at=NOW,
        )


def published(
    organization: Organization, asks: Questionnaire, *, code: str, number: int
) -> QuestionnaireVersion:
    """Version `number` of an organization's own questionnaire, as `asks` says."""
    before = Lineage(code, number - 1) if number > 1 else None
    own = replace(asks, code=code, version=number, lineage=before)
    with organization_scope(organization.pk):
        return QuestionnaireVersion.objects.create(
            organization=organization,
            code=code,
            version=number,
            kind=own.kind,
            evidence_level="E0",
            source=questionnaire_to_yaml(own),
            digest=definition.digest(own),
        )


def forms_of(survey: Survey) -> list[Form]:
    with organization_scope(survey.organization_id):
        return list(Form.objects.filter(survey=survey).order_by("number"))


def revise(
    survey: Survey, version: QuestionnaireVersion, *, seen: int = 1, **part: Any
) -> Form:
    with organization_scope(survey.organization_id):
        return revising.revise_form(
            survey=survey, to=AskedVersion(version, **part), seen=seen
        )


def page_of(client: Client, address: str, *, language: str = "en") -> str:
    reply = client.get(address, headers={"Accept-Language": language})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def own_pair(organization: Organization) -> list[QuestionnaireVersion]:
    """Two versions of one's own: the second rewords T1 and turns T2."""
    asks = next(q for q in definition.load_library() if q.code == "TBE")
    scale = asks.scales[0]
    first, second, *rest = scale.items
    told = Text("{Referent} gives reasons for decisions.", first.text.zh_hans)
    items = (
        replace(first, text=told),
        replace(second, reverse=not second.reverse),
        *rest,
    )
    scales = (replace(scale, items=items), *asks.scales[1:])
    return [
        published(organization, asks, code="OWN", number=1),
        published(organization, replace(asks, scales=scales), code="OWN", number=2),
    ]


def test_a_difference_is_told_with_the_words_marked(
    organization: Organization, owner: Client
) -> None:
    old, new = own_pair(organization)
    address = reverse("surveys:difference", args=[new.pk, old.pk])
    page = page_of(owner, address)
    for expected in (
        "Not comparable with before",
        "The item T2 was keyed plainly and is keyed in reverse",
        "Compare with care",
        "The item T1 is worded differently in English.",
        "<del>",
        "<ins>",
    ):
        assert expected in page
    assert page.index("Not comparable") < page.index("Compare with care")
    chinese = page_of(owner, address, language="zh-CN")
    assert "题目 T2 由正向计分改为反向计分" in chinese


def test_the_older_version_leads_whichever_is_named_first(
    organization: Organization, owner: Client
) -> None:
    pair = own_pair(organization)
    pages = [
        page_of(owner, reverse("surveys:difference", args=[one.pk, other.pk]))
        for one, other in (pair, pair[::-1])
    ]
    parts = [page[page.index("<h1>") :] for page in pages]
    assert parts[0] == parts[1]


def test_what_was_edited_from_another_questionnaire_is_compared_with_it(
    organization: Organization,
    owner: Client,
    library: dict[tuple[str, int], QuestionnaireVersion],
) -> None:
    asks = replace(library["TBE", 1].questionnaire(), lineage=Lineage("TBE", 1))
    own = replace(asks, code="OURS")
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.create(
            organization=organization,
            code="OURS",
            version=1,
            kind=own.kind,
            evidence_level="E0",
            source=questionnaire_to_yaml(own),
            digest=definition.digest(own),
        )
    ids = [version.pk, library["TBE", 1].pk]
    for order in (ids, ids[::-1]):
        assert "Nothing changed" in page_of(
            owner, reverse("surveys:difference", args=order)
        )


def test_strangers_to_one_another_have_no_difference(
    owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    tbe, out = library["TBE", 1], library["OUT-C", 1]
    for ids in ([tbe.pk, out.pk], [tbe.pk, tbe.pk], [tbe.pk, uuid4()]):
        reply = owner.get(reverse("surveys:difference", args=ids))
        assert reply.status_code == 404


def test_wordings_cannot_bring_markup(
    organization: Organization, owner: Client
) -> None:
    asks = next(q for q in definition.load_library() if q.code == "TBE")
    scale = asks.scales[0]
    bad = replace(
        scale.items[0], text=Text("<b>{Referent}</b> is good.", "{referent}好。")
    )
    changed = replace(scale, items=(bad, *scale.items[1:]))
    old = published(organization, asks, code="OWN", number=1)
    new = published(
        organization,
        replace(asks, scales=(changed, *asks.scales[1:])),
        code="OWN",
        number=2,
    )
    page = page_of(owner, reverse("surveys:difference", args=[new.pk, old.pk]))
    assert "<b>" not in page


def test_versions_are_listed_newest_first(
    organization: Organization, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    own_pair(make_organization("Hill Coffee"))
    with organization_scope(organization.pk):
        listed = versions.versions_of(library["OUT-C", 1])
    assert [(one.version.version, one.shown) for one in listed] == [
        (2, False),
        (1, True),
    ]
    assert listed[0].before == library["OUT-C", 1]
    assert listed[1].before is None


def test_an_old_version_leads_to_the_newest_at_once(
    organization: Organization, owner: Client
) -> None:
    old, new = own_pair(organization)
    addresses = [reverse("surveys:instrument", args=[one.pk]) for one in (old, new)]
    note = f'There is a newer version. <a href="{addresses[1]}">version 2</a>'
    assert note in page_of(owner, addresses[0])
    assert "newer version" not in page_of(owner, addresses[1])


def test_what_a_version_was_edited_from_is_one_click_away(
    organization: Organization,
    owner: Client,
    library: dict[tuple[str, int], QuestionnaireVersion],
) -> None:
    origin = library["TBE", 1]
    asks = replace(origin.questionnaire(), code="OURS", lineage=Lineage("TBE", 1))
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.create(
            organization=organization,
            code="OURS",
            version=1,
            kind=asks.kind,
            evidence_level="E0",
            source=questionnaire_to_yaml(asks),
            digest=definition.digest(asks),
        )
    page = page_of(owner, reverse("surveys:instrument", args=[version.pk]))
    assert "What changed since TBE, version 1" in page
    assert reverse("surveys:difference", args=[version.pk, origin.pk]) in page


def test_the_owner_is_told_of_a_newer_version(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    page = page_of(owner, reverse("surveys:survey", args=[survey.pk]))
    ids = [library["OUT-C", 2].pk, library["OUT-C", 1].pk]
    for expected in (
        "Customer outcomes, short form: version 2 is out",
        reverse("surveys:difference", args=ids),
        "whole, 22 items",
        "short form, 9 items",
        "Ask version 2 from the next wave",
    ):
        assert expected in page
    # version 1 asks exactly what the short form of version 2 asks: no item more by chance
    assert 'value="short" checked' in page


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FIELDWORKER, Role.AUDITOR])
def test_only_owners_change_what_is_asked(
    organization: Organization,
    survey: Survey,
    library: dict[tuple[str, int], QuestionnaireVersion],
    role: Role,
) -> None:
    client = signed_in(make_member(organization, role=role))
    page = page_of(client, reverse("surveys:survey", args=[survey.pk]))
    assert "is out" not in page
    sent = {"version": library["OUT-C", 2].pk, "seen": 1}
    reply = client.post(reverse("surveys:revise", args=[survey.pk]), sent)
    assert reply.status_code == 403
    assert len(forms_of(survey)) == 1


def test_the_next_wave_asks_the_newer_version(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    opened = make_wave(survey)
    sent = {"version": library["OUT-C", 2].pk, "seen": 1, "length": "whole"}
    reply = owner.post(reverse("surveys:revise", args=[survey.pk]), sent, follow=True)
    page = " ".join(reply.content.decode().split())
    assert "From the next wave the survey asks version 2." in page
    assert "the open wave goes on as it is" in page
    assert "is out" not in page
    first, second = forms_of(survey)
    old, new = first.asked(), second.asked()
    assert [(i.code, i.version) for i in new.instruments] == [("TBE", 1), ("OUT-C", 2)]
    assert (new.title, new.referent_code, new.languages, new.comment) == (
        old.title,
        old.referent_code,
        old.languages,
        old.comment,
    )
    assert new.items[:20] == old.items[:20]
    assert new.item_count == second.item_count == 42
    with organization_scope(survey.organization_id):
        actions.close_wave(wave_id=opened.pk, at=NOW)
        assert Wave.objects.get(pk=opened.pk).form_id == first.pk
    assert make_wave(survey).form_id == second.pk


def test_the_short_form_of_the_newer_version_may_be_asked(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    sent = {"version": library["OUT-C", 2].pk, "seen": 1, "length": "short"}
    owner.post(reverse("surveys:revise", args=[survey.pk]), sent)
    assert forms_of(survey)[1].asked().item_count == 29


def test_two_clicks_make_one_form(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    sent = {"version": library["OUT-C", 2].pk, "seen": 1}
    address = reverse("surveys:revise", args=[survey.pk])
    owner.post(address, sent)
    reply = owner.post(address, sent, follow=True)
    assert "was changed already" in reply.content.decode()
    assert len(forms_of(survey)) == 2


def test_two_owners_at_once_make_one_form(
    survey: Survey, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def click() -> None:
        start.wait()
        try:
            revise(survey, library["OUT-C", 2])
            outcomes.append("made")
        except revising.FormRevised:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert len(forms_of(survey)) == 2


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"version": "no-id", "seen": "1"},
        {"version": str(uuid4()), "seen": "1"},
        {"version": "TBE", "seen": "1"},
        {"version": "OUT-C", "seen": "0"},
        {"version": "OUT-C", "seen": "7"},
        {"version": "OUT-C", "seen": "1", "length": "long"},
    ],
)
def test_what_cannot_be_asked_changes_nothing_and_says_so(
    survey: Survey,
    owner: Client,
    library: dict[tuple[str, int], QuestionnaireVersion],
    sent: dict[str, str],
) -> None:
    newest = {code: str(version.pk) for (code, _), version in library.items()}
    filled = sent | {
        "version": newest.get(sent.get("version", ""), sent.get("version", ""))
    }
    reply = owner.post(reverse("surveys:revise", args=[survey.pk]), filled, follow=True)
    assert 'role="status"' in reply.content.decode()
    assert len(forms_of(survey)) == 1


def test_another_organizations_version_is_not_there(
    survey: Survey, owner: Client
) -> None:
    theirs = own_pair(make_organization("Hill Coffee"))[1]
    sent = {"version": theirs.pk, "seen": 1}
    reply = owner.post(reverse("surveys:revise", args=[survey.pk]), sent, follow=True)
    assert "This version is not there" in reply.content.decode()
    assert len(forms_of(survey)) == 1


def _asking(organization: Organization, version: QuestionnaireVersion) -> Survey:
    """Start a survey of one questionnaire, inside the organization's transaction."""
    return actions.start_survey(
        key=uuid4(),
        organization=organization,
        questionnaire=version,
        outcomes=[],
        title=Text("Ours", "我们的"),
        referent="brand",
        comment=False,
        at=NOW,
    )


def test_one_language_less_is_refused_with_the_reason(
    organization: Organization, owner: Client
) -> None:
    first, _ = own_pair(organization)
    with organization_scope(organization.pk):
        made = _asking(organization, first)
    asks = replace(first.questionnaire(), languages=("en",))
    third = published(organization, asks, code="OWN", number=3)
    sent = {"version": third.pk, "seen": 1}
    reply = owner.post(reverse("surveys:revise", args=[made.pk]), sent, follow=True)
    assert "zh-hans" in reply.content.decode()
    assert len(forms_of(made)) == 1


def test_scales_picked_before_stay_picked(
    organization: Organization, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    asks = library["OUT-C", 2].questionnaire()
    first = published(organization, asks, code="OWN", number=1)
    second = published(organization, asks, code="OWN", number=2)
    with organization_scope(organization.pk):
        made = actions.start_survey(
            key=uuid4(),
            organization=organization,
            questionnaire=AskedVersion(first, scales=("SAT", "REC")),
            outcomes=[],
            title=Text("Ours", "我们的"),
            referent="brand",
            comment=False,
            at=NOW,
        )
    form = revise(made, second).asked()
    assert [scale.code for scale in form.scales] == ["OWN.SAT", "OWN.REC"]
    assert form.instruments[0].version == 2


def test_a_form_of_nothing_published_cannot_be_rebuilt(
    organization: Organization, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    own = own_pair(organization)[0]
    asks = replace(own.questionnaire(), code="GONE")
    form = definition.compile_form(
        [definition.FormPart(asks, short=False)],
        title=Text("Ours", "我们的"),
        referent="brand",
        languages=definition.LANGUAGES,
        comment=False,
    )
    from tests.factories import make_form

    survey = make_survey(organization)
    make_form(survey, asks=form)
    with pytest.raises(revising.NotPublished):
        revise(survey, library["OUT-C", 2])


def both_waves(
    survey: Survey, library: dict[tuple[str, int], QuestionnaireVersion]
) -> list[Wave]:
    """Wave 1 asked OUT-C 1 of three people, wave 2 OUT-C 2 of two; both closed."""
    waves = []
    for number in (3, 2):
        wave = make_wave(survey)
        make_responses(wave, number, seed=number)
        with organization_scope(survey.organization_id):
            actions.close_wave(wave_id=wave.pk, at=NOW)
        waves.append(wave)
        if number == 3:
            revise(survey, library["OUT-C", 2])
    return waves


def rows_of(client: Client, name: str, key: object) -> list[dict[str, str]]:
    reply = client.get(reverse(f"surveys:{name}", args=[key]))
    assert reply.status_code == 200
    content = b"".join(reply).decode("utf-8-sig")
    reply.close()
    return list(csv.DictReader(io.StringIO(content)))


def test_the_codebook_names_what_each_wave_asked(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    both_waves(survey, library)
    books = rows_of(owner, "merged-codebook", survey.pk)
    by_code = {book["item"]: book for book in books}
    kept, new = by_code["OUT-C.SAT1"], by_code["OUT-C.WOM1"]
    assert (kept["wave_1"], kept["wave_2"]) == (
        "OUT-C 1: OUT-C.SAT1",
        "OUT-C 2: OUT-C.SAT1",
    )
    assert (new["wave_1"], new["wave_2"]) == ("-4", "OUT-C 2: OUT-C.WOM1")
    assert {book["not_asked"] for book in books} == {"-4"}
    assert {book["reworded"] for book in books} == {"0"}


def test_the_survey_page_offers_the_waves_together_once_there_are_two(
    survey: Survey, owner: Client, library: dict[tuple[str, int], QuestionnaireVersion]
) -> None:
    address = reverse("surveys:survey", args=[survey.pk])
    merged = reverse("surveys:merged-codebook", args=[survey.pk])
    assert merged not in page_of(owner, address)
    both_waves(survey, library)
    assert merged in page_of(owner, address)


def test_what_does_not_compare_has_its_reason_in_the_codebook(
    organization: Organization, owner: Client
) -> None:
    first, second = own_pair(organization)
    with organization_scope(organization.pk):
        made = _asking(organization, first)
        wave = actions.open_wave(survey=made, at=NOW)
        actions.close_wave(wave_id=wave.pk, at=NOW)
    revise(made, second)
    make_wave(made)
    books = {book["item"]: book for book in rows_of(owner, "merged-codebook", made.pk)}
    assert books["OWN.T2"]["not_merged_en"] == (
        "Not merged with OWN.T2.v1: its keying changed."
    )
    assert books["OWN.T2.v1"]["not_merged_zh_hans"].startswith("未与 OWN.T2 合并")
    assert books["OWN.T1"]["reworded"] == "1"
    assert books["OWN.T2.v1"]["reverse"] == "0"


def test_waves_that_are_open_wait_unless_the_link_is_open(
    organization: Organization, owner: Client
) -> None:
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    wave = make_wave(survey)
    make_responses(wave, 2)
    address = reverse("surveys:merged-codebook", args=[survey.pk])
    reply = owner.get(address)
    assert reply["Location"] == reverse("surveys:survey", args=[survey.pk])
    close_for_good(wave)
    reply = owner.get(address)
    assert reply["Content-Disposition"] == (
        'attachment; filename="trust-in-harbour-tea-all-waves-codebook.csv"'
    )
    reply.close()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FIELDWORKER, Role.MANAGER])
def test_only_owners_and_analysts_take_all_waves_home(
    organization: Organization, wave: Wave, role: Role
) -> None:
    client = signed_in(make_member(organization, role=role))
    address = reverse("surveys:merged-codebook", args=[wave.survey_id])
    assert client.get(address).status_code == 403


def test_a_difference_needs_few_queries(
    organization: Organization, owner: Client
) -> None:
    old, new = own_pair(organization)
    address = reverse("surveys:difference", args=[new.pk, old.pk])
    with CaptureQueriesContext(connection) as captured:
        assert owner.get(address).status_code == 200
    assert len(captured) == 7 + 2
