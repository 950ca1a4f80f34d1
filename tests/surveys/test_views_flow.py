"""From the library to a closed wave: what the owner does, step by step."""

import html
import re
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from surveys import definition
from surveys.models import Form, Organization, Survey, Wave
from surveys.models.people import Role
from surveys.promise import IN_SHORT
from surveys.tenancy import organization_scope
from tests.factories import (
    make_form,
    make_member,
    make_survey,
    make_wave,
    publish_library,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def filled_in() -> dict[str, Any]:
    """What a filled-in page of a new survey sends."""
    versions = {version.code: str(version.pk) for version in publish_library()}
    return {
        "key": str(uuid4()),
        "title_en": "Trust in our tea",
        "title_zh_hans": "我们的茶可信吗",
        "questionnaire": versions["TBE"],
        "outcomes": [versions["OUT-C"]],
        "referent": "brand",
        "own_en": "",
        "own_zh_hans": "",
        "mode": "open",
        "comment": "on",
    }


def surveys_of(organization: Organization) -> list[Survey]:
    with organization_scope(organization.pk):
        return list(Survey.objects.all())


def form_of(survey: Survey) -> definition.Form:
    with organization_scope(survey.organization_id):
        return Form.objects.get(survey=survey).asked()


def waves_of(survey: Survey) -> list[Wave]:
    with organization_scope(survey.organization_id):
        return list(Wave.objects.filter(survey=survey).newest_first())


def test_a_new_survey_is_made_from_the_library(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    reply = owner.post(reverse("surveys:new"), filled_in, follow=True)
    (survey,) = surveys_of(organization)
    assert reply.redirect_chain == [(f"/surveys/{survey.pk}/", 302)]
    page = reply.content.decode()
    assert "The survey is ready. Look at it, then launch it." in page
    # twenty of trust, and the short form of the outcomes
    assert "29 items" in page
    assert "about 4 minutes" in page
    form = form_of(survey)
    assert form.referent_code == "brand"
    assert form.comment
    assert survey.title("zh-hans") == form.title.zh_hans == "我们的茶可信吗"


def test_sending_the_page_twice_makes_one_survey(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    replies = [owner.post(reverse("surveys:new"), filled_in) for _ in range(2)]
    (survey,) = surveys_of(organization)
    assert {reply["Location"] for reply in replies} == {f"/surveys/{survey.pk}/"}
    with organization_scope(organization.pk):
        assert Form.objects.filter(survey=survey).count() == 1


@pytest.mark.parametrize("mode", ["anonymous", "confidential", "open"])
def test_the_mode_is_chosen_in_the_words_of_the_promise(
    organization: Organization, owner: Client, filled_in: dict[str, Any], mode: str
) -> None:
    page = owner.get(reverse("surveys:new")).content.decode()
    assert IN_SHORT[mode].en in html.unescape(page)
    owner.post(reverse("surveys:new"), filled_in | {"mode": mode})
    assert [survey.mode for survey in surveys_of(organization)] == [mode]


def test_a_questionnaire_alone_will_do(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    del filled_in["outcomes"], filled_in["comment"]
    owner.post(reverse("surveys:new"), filled_in)
    form = form_of(surveys_of(organization)[0])
    assert form.item_count == 20
    assert not form.comment


def test_the_trust_may_be_in_something_of_ones_own(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    own = {"referent": "own", "own_en": "Harbour Tea", "own_zh_hans": "港湾茶"}
    owner.post(reverse("surveys:new"), filled_in | own)
    form = form_of(surveys_of(organization)[0])
    assert form.referent_code is None
    assert form.items[0].text.en.startswith("Harbour Tea explains")


def test_the_library_fills_the_choice_in(
    owner: Client, filled_in: dict[str, Any]
) -> None:
    chosen = filled_in["questionnaire"]
    reply = owner.get(reverse("surveys:new"), {"questionnaire": chosen})
    box = re.search(f'<input[^>]* value="{chosen}"[^>]*>', reply.content.decode())
    assert box
    assert " checked" in box[0]


def test_competitors_are_asked_about_with_the_same_questions(
    owner: Client, organization: Organization, filled_in: dict[str, Any]
) -> None:
    own = {"referent": "own", "own_en": "Harbour Tea", "own_zh_hans": "港湾茶"}
    others = "Rival Tea ｜ 对手茶\n\nThird\n"
    owner.post(reverse("surveys:new"), filled_in | own | {"others": others})
    (survey,) = surveys_of(organization)
    with organization_scope(organization.pk):
        form = Form.objects.get(survey=survey).asked()
    assert [one.in_("zh-hans") for one in form.others] == ["对手茶", "Third"]
    assert {scale.about for scale in form.scales} == {0, 1, 2}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"others": "Rival"}, "Name yours too"),
        (
            {
                "referent": "own",
                "own_en": "A",
                "own_zh_hans": "甲",
                "others": "a | 乙",
            },
            "occurs twice",
        ),
        ({"others": "|"}, "names nobody"),
    ],
)
def test_competitors_that_cannot_be_told_apart_are_refused(
    owner: Client, filled_in: dict[str, Any], sent: dict[str, str], sentence: str
) -> None:
    page = owner.post(reverse("surveys:new"), filled_in | sent).content.decode()
    assert sentence in html.unescape(page)
    assert "Nothing was made yet" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title_en", "", "This field is required."),
        ("title_zh_hans", "很" * 201, "at most 200 characters"),
        ("questionnaire", "", "This field is required."),
        ("questionnaire", "no-such-one", "not one of the available choices"),
        ("outcomes", ["no-such-one"], "not one of the available choices"),
        ("referent", "own", "Write whom the trust is in."),
        ("title_en", "two\nlines", "holds a line break or an invisible character"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_is_lost(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    field: str,
    value: object,
    sentence: str,
) -> None:
    reply = owner.post(reverse("surveys:new"), filled_in | {field: value})
    assert surveys_of(organization) == []
    errors = reply.context["form"].errors
    blamed = "own_en" if field == "referent" else field
    assert sentence in str(errors[blamed])
    page = reply.content.decode()
    if field != "title_zh_hans":
        assert 'value="我们的茶可信吗"' in page
    assert f'aria-describedby="id_{blamed}' in page


def test_mistakes_are_told_in_chinese_too(
    owner: Client, filled_in: dict[str, Any]
) -> None:
    reply = owner.post(
        reverse("surveys:new"),
        filled_in | {"title_en": "two\nlines"},
        headers={"Accept-Language": "zh-CN"},
    )
    assert "文字中含有换行或不可见字符，请删除。" in reply.content.decode()


def test_waves_open_close_and_open_again(
    organization: Organization, owner: Client
) -> None:
    survey = make_survey(organization)
    make_form(survey)
    opening = reverse("surveys:open-wave", args=[survey.pk])
    page = owner.post(opening, follow=True).content.decode()
    assert "Wave 1 is open. Share its link." in page
    (wave,) = waves_of(survey)
    closing = reverse("surveys:close-wave", args=[wave.pk])
    assert "Close wave 1?" in owner.get(closing).content.decode()
    assert waves_of(survey)[0].is_open
    assert "Wave 1 is closed." in owner.post(closing, follow=True).content.decode()
    owner.post(opening)
    assert [(w.number, w.state) for w in waves_of(survey)] == [
        (2, "open"),
        (1, "closed"),
    ]


def test_an_open_wave_is_not_opened_twice(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization))
    opening = reverse("surveys:open-wave", args=[wave.survey_id])
    page = owner.post(opening, follow=True).content.decode()
    assert "A wave is open already; nothing was changed." in page


def test_a_closed_wave_is_not_closed_twice(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization))
    closing = reverse("surveys:close-wave", args=[wave.pk])
    owner.post(closing)
    closed_at = waves_of(wave.survey)[0].closed_at
    for again in (owner.post, owner.get):
        page = again(closing, follow=True).content.decode()
        assert "Wave 1 was closed before." in page
    assert waves_of(wave.survey)[0].closed_at == closed_at


def test_clicks_at_once_open_one_wave(
    organization: Organization, owner: Client
) -> None:
    survey = make_survey(organization)
    make_form(survey)
    gate = threading.Barrier(4)
    statuses: list[int] = []

    def click() -> None:
        client = Client()
        client.cookies = owner.cookies
        gate.wait()
        reply = client.post(reverse("surveys:open-wave", args=[survey.pk]))
        statuses.append(reply.status_code)
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert statuses == [302] * 4
    assert [wave.number for wave in waves_of(survey)] == [1]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.MANAGER])
def test_readers_do_not_field_waves(organization: Organization, role: Role) -> None:
    survey = make_survey(organization)
    wave = make_wave(survey)
    client = signed_in(make_member(organization, role=role))
    opening = reverse("surveys:open-wave", args=[survey.pk])
    closing = reverse("surveys:close-wave", args=[wave.pk])
    assert client.post(opening).status_code == 403
    assert client.post(closing).status_code == 403
    assert waves_of(survey)[0].is_open


def test_a_fieldworker_fields_waves(organization: Organization) -> None:
    wave = make_wave(make_survey(organization))
    client = signed_in(make_member(organization, role=Role.FIELDWORKER))
    client.post(reverse("surveys:close-wave", args=[wave.pk]))
    client.post(reverse("surveys:open-wave", args=[wave.survey_id]))
    assert [w.number for w in waves_of(wave.survey)] == [2, 1]
