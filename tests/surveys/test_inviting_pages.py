"""The owner's pages of messages: numbers, words, days, the sender."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from surveys.fieldwork import gateway, texts
from surveys.fieldwork.inviting import MOST_REMINDERS, plan_reminders
from surveys.fieldwork.texts import TextRefused, Words
from surveys.models import (
    MailText,
    Message,
    Reminder,
    Schedule,
    Sender,
    Survey,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from surveys.views.messages import rows_of
from tests.catcher import RECIPIENT_LATER, REFUSED, catching
from tests.factories import make_member, signed_in
from tests.surveys.asked import make_asked
from trustsurvey.mail import NOT_SET_UP, SMTP


@pytest.fixture
def wave(database: None) -> Wave:
    return make_asked(opened=False)


@pytest.fixture
def owner(wave: Wave) -> Client:
    return signed_in(make_member(wave.survey.organization))


def texts_page(wave: Wave, kind: str = "invitation") -> str:
    return f"/surveys/{wave.survey_id}/texts/?kind={kind}"


def written(**changed: str) -> dict[str, str]:
    return {
        "save": "1",
        "subject_en": "Please tell us",
        "body_en": "Dear {name},\n\n{link}",
        "subject_zh_hans": "请告诉我们",
        "body_zh_hans": "{name}：\n\n{link}",
    } | changed


def test_the_page_counts_and_names_nobody(
    wave: Wave, owner: Client, settings: Any
) -> None:
    settings.EMAIL_BACKEND = NOT_SET_UP
    page = owner.get(f"/waves/{wave.pk}/messages/").content.decode()
    assert ">22</td>" in page
    assert "Mail is not set up on this site." in page
    assert "Person" not in page
    assert "@example.org" not in page.replace("owner@example.org", "")


def test_reminders_of_a_promised_wave_are_counted_in_steps_of_five(wave: Wave) -> None:
    """17 reminders would tell that five of 22 had opened."""
    with organization_scope(wave.organization_id):
        invited = list(wave.invitations.all())[:17]
        Message.objects.bulk_create(
            Message(
                organization_id=wave.organization_id,
                wave=wave,
                invitation=one,
                kind="reminder",
                round=1,
                message_id=f"<{one.pk}@trust.example.org>",
                next_try_at=timezone.now(),
            )
            for one in invited
        )
        first, second = rows_of(wave)
    assert (first["waiting"], first["about"]) == (22, False)
    assert (second["waiting"], second["about"]) == (15, True)


def test_days_are_set_and_replaced(wave: Wave, owner: Client) -> None:
    day = (timezone.now() + timedelta(days=3)).date()
    address = f"/waves/{wave.pk}/messages/"
    last = day + timedelta(days=4)
    assert owner.post(address, {"day_1": day, "last_call": last}).status_code == 302
    with organization_scope(wave.organization_id):
        found = list(Reminder.objects.order_by("due_at"))
    assert [(one.kind, one.due_at.date()) for one in found] == [
        ("reminder", day),
        ("last_call", last),
    ]
    assert found[0].due_at.hour == 9
    assert owner.post(address, {"day_1": ""}).status_code == 302
    with organization_scope(wave.organization_id):
        assert not Reminder.objects.exists()


def reminder_days(wave: Wave) -> list[tuple[int, datetime, bool]]:
    with organization_scope(wave.organization_id):
        found = Reminder.objects.filter(wave=wave).order_by("due_at")
        return [(one.round, one.due_at, one.done_at is not None) for one in found]


def planned(wave: Wave, *days: datetime, done: int = 0) -> None:
    """Plan reminders; the first few of them are done."""
    with organization_scope(wave.organization_id):
        plan_reminders(wave, days)
        over = Reminder.objects.filter(wave=wave, round__lte=done)
        over.update(done_at=F("due_at"))


def send_back(owner: Client, wave: Wave) -> None:
    """Press "Set the days" without changing anything."""
    address = f"/waves/{wave.pk}/messages/"
    form = owner.get(address).context["form"]
    filled = {name: form[name].value() or "" for name in form.fields}
    assert owner.post(address, filled).status_code == 302


def test_setting_the_same_days_again_changes_nothing(wave: Wave, owner: Client) -> None:
    """Neither after a reminder went out, nor with as many as a schedule may have."""
    today = timezone.now().replace(hour=14, minute=30, second=0, microsecond=0)
    days = [today + timedelta(days=day) for day in (-1, 1, 2, 3, 4)]
    assert len(days) == MOST_REMINDERS
    planned(wave, *days, done=1)
    before = reminder_days(wave)
    assert [number for number, *_ in before] == [1, 2, 3, 4, 5]
    send_back(owner, wave)
    assert reminder_days(wave) == before


def test_days_held_back_by_a_pause_stay_until_they_are_cleared(
    wave: Wave, owner: Client
) -> None:
    days = [timezone.now() + timedelta(days=day) for day in (-2, 3)]
    planned(wave, *days)
    send_back(owner, wave)
    assert [day for _, day, _ in reminder_days(wave)] == days
    address = f"/waves/{wave.pk}/messages/"
    assert owner.post(address, {"day_1": days[1].date()}).status_code == 302
    assert [day for _, day, _ in reminder_days(wave)] == days[1:]


def test_a_wave_has_at_most_five_reminders(wave: Wave, owner: Client) -> None:
    today = timezone.now()
    planned(wave, *(today + timedelta(days=day) for day in (-3, -2, 4)), done=2)
    form = owner.get(f"/waves/{wave.pk}/messages/").context["form"]
    labels = [field.label for name, field in form.fields.items() if name != "last_call"]
    assert labels == ["Reminder 3", "Reminder 4", "Reminder 5"]
    assert len(labels) + 2 == MOST_REMINDERS


def test_reminders_of_a_schedule_keep_its_hour_and_the_page_says_so(
    wave: Wave, owner: Client
) -> None:
    first = (timezone.now() + timedelta(days=1)).date()
    with organization_scope(wave.organization_id):
        Schedule.objects.create(
            organization_id=wave.organization_id,
            survey_id=wave.survey_id,
            repeat="once",
            first=first,
            opens=time(14, 30),
            zone="Asia/Shanghai",
            days=9,
        )
    address = f"/waves/{wave.pk}/messages/"
    owner.post(address, {"day_1": first, "day_2": first + timedelta(days=2)})
    (_, one, _), (_, two, _) = reminder_days(wave)
    assert (one.hour, one.minute, two - one) == (6, 30, timedelta(days=2))
    shown = owner.get(address).content.decode()
    assert "goes out at 14:30 (Asia/Shanghai)" in shown
    assert "2:30 p.m." in shown  # beside each day
    send_back(owner, wave)
    assert [day for _, day, _ in reminder_days(wave)] == [one, two]


def test_a_day_that_is_over_or_taken_is_refused(wave: Wave, owner: Client) -> None:
    today = timezone.now().date()
    later = today + timedelta(days=2)
    address = f"/waves/{wave.pk}/messages/"
    over = owner.post(address, {"day_1": today - timedelta(days=1)})
    assert "This day is over" in over.content.decode()
    twice = owner.post(address, {"day_1": later, "last_call": later})
    assert "a message on this day already" in twice.content.decode()
    with organization_scope(wave.organization_id):
        assert not Reminder.objects.exists()


def test_own_words_are_kept_shown_and_given_up(wave: Wave, owner: Client) -> None:
    assert owner.post(texts_page(wave), written()).status_code == 302
    page = owner.get(texts_page(wave)).content.decode()
    assert "Dear Li Hua," in page
    assert "李华：" in page
    # the foot stands below the owner's own words too
    assert "Anonymous: whoever invited you" in page
    assert "babab-babab" in page
    assert owner.post(texts_page(wave), {"shipped": "1"}).status_code == 302
    with organization_scope(wave.organization_id):
        assert not MailText.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body_en": "Hello {name}"}, "The text must hold {link}"),
        ({"body_en": "{link} {nmae}"}, "{nmae} is not known here"),
        ({"subject_zh_hans": ""}, "This field is required"),
        ({"body_zh_hans": "{link}" + "长" * 5000}, "at most 5000 characters"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(
    wave: Wave, owner: Client, changed: dict[str, str], said: str
) -> None:
    reply = owner.post(texts_page(wave), written(**changed))
    assert reply.status_code == 200
    assert said in reply.content.decode()
    with organization_scope(wave.organization_id):
        assert not MailText.objects.exists()


def test_a_test_goes_to_oneself_and_a_bad_server_is_named(
    wave: Wave, owner: Client, settings: Any
) -> None:
    with catching() as server:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        sent = owner.post(texts_page(wave), {"test": "1"}, follow=True)
        assert "A test was sent to owner@example.org." in sent.content.decode()
        (mail,) = server.mails
        assert mail.to == "owner@example.org"
        assert mail.content["Subject"].strip().startswith("[Test / 测试]")
        server.fails = lambda among: REFUSED if REFUSED in among else ""
        down = owner.post(texts_page(wave), {"test": "1"}, follow=True)
        assert "The mail server does not work" in down.content.decode()
        server.fails = lambda among: RECIPIENT_LATER
        away = owner.post(texts_page(wave), {"test": "1"}, follow=True)
        assert "refused the mail: 451" in away.content.decode()


def test_the_secret_of_a_gateway_is_shown_once(
    wave: Wave, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "target_of", lambda url: None)
    sent = {"name": "People team", "gateway_url": "https://sms.example.org/send"}
    shown = owner.post("/sender/", sent, follow=True).content.decode()
    assert "whsec_" in shown
    assert "whsec_" not in owner.get("/sender/").content.decode()
    with organization_scope(wave.organization_id):
        kept = Sender.objects.get()
        secret = gateway.opened(kept)
        assert secret in shown
        assert secret.encode() not in bytes(kept.gateway_secret or b"")
    assert "whsec_" not in owner.post("/sender/", sent, follow=True).content.decode()
    assert (
        "whsec_"
        in owner.post("/sender/", {**sent, "renew": "1"}, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://127.0.0.1/", "https://localhost/x"]
)
def test_a_gateway_inside_the_house_is_refused(
    wave: Wave, owner: Client, url: str
) -> None:
    reply = owner.post("/sender/", {"gateway_url": url})
    assert "not a public https address" in reply.content.decode()


def test_before_the_launch_it_is_said_that_mail_is_not_set_up(settings: Any) -> None:
    from surveys.templatetags.mailing import mail_state

    assert mail_state() == {"mail_is_set_up": True}
    settings.EMAIL_BACKEND = NOT_SET_UP
    assert mail_state() == {"mail_is_set_up": False}


def test_analysts_do_not_write_to_people(wave: Wave) -> None:
    analyst = make_member(
        wave.survey.organization, email="analyst@example.org", role=Role.ANALYST
    )
    for address in (f"/waves/{wave.pk}/messages/", texts_page(wave), "/sender/"):
        assert signed_in(analyst).get(address).status_code == 403


def test_the_pages_are_short_of_queries(
    wave: Wave, owner: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):
        owner.get(f"/waves/{wave.pk}/messages/")
    with django_assert_max_num_queries(16):
        owner.get(texts_page(wave))


# ---- words, without a database


def letter(**changed: Any) -> texts.Letter:
    from surveys.definition import Text

    given: dict[str, Any] = {
        "mode": Survey.Mode.CONFIDENTIAL,
        "survey": Text("Trust at <work>", "工作中的信任"),
        "organization": "Harbour Tea",
        "links": {
            "en": "https://t.example/s/1/en/",
            "zh-hans": "https://t.example/s/1/zh-hans/",
        },
        "opt_out": "https://t.example/out/x/",
        "name": "Wu {link}",
        "code": "AAAA-BBBB",
    }
    return texts.Letter(**(given | changed))


def compose(of: texts.Letter, *languages: str, kind: str = "invitation") -> texts.Mail:
    words = {one: texts.default_words(kind, one) for one in languages}
    return texts.compose(of, words, languages)


def test_what_somebody_is_called_is_never_filled_in_again() -> None:
    mail = compose(letter(), "en")
    assert "Hello Wu {link}," in mail.text
    assert mail.text.count("https://t.example/s/1/en/") == 1


def test_names_are_text_and_never_markup() -> None:
    mail = compose(letter(name="<b>Wu</b>"), "en")
    assert "&lt;b&gt;Wu&lt;/b&gt;" in mail.html
    assert "Trust at &lt;work&gt;" in mail.html
    assert "<b>" not in mail.html


def test_links_can_be_pressed_in_html() -> None:
    mail = compose(letter(), "en")
    assert (
        '<a href="https://t.example/s/1/en/">https://t.example/s/1/en/</a>' in mail.html
    )
    assert '<a href="https://t.example/out/x/">' in mail.html


def test_without_a_name_or_a_closing_day_nothing_dangles() -> None:
    english = compose(letter(name=""), "en").text
    assert english.startswith("Hello,\n")
    assert "closes on" not in english
    assert compose(letter(name=""), "zh-hans").text.startswith("您好：")
    dated = letter(closes={"en": "1 March 2026 18:00 (UTC)"})
    assert "closes on 1 March 2026 18:00 (UTC)." in compose(dated, "en").text


@pytest.mark.parametrize("kind", ["invitation", "reminder", "last_call"])
@pytest.mark.parametrize("mode", Survey.Mode.values)
def test_every_shipped_text_keeps_the_rules_and_tells_the_promise(
    kind: str, mode: str
) -> None:
    from surveys.promise import IN_SHORT

    for language in ("en", "zh-hans"):
        texts.check(texts.default_words(kind, language))
        mail = compose(letter(mode=mode, code=""), language, kind=kind)
        assert IN_SHORT[mode].in_(language) in mail.text
        assert "{" not in mail.text.replace("{link}", "", 1)


def test_a_confidential_mail_brings_its_code_and_says_what_it_is() -> None:
    both = compose(letter(), "en", "zh-hans")
    assert both.text.count("AAAA-BBBB") == 2
    assert "Confidential, not anonymous" in both.text
    assert "保密，但不是匿名" in both.text
    assert both.html.count('lang="zh-Hans"') == 1
    assert both.subject == "Your view: Trust at <work> / 请您谈谈看法：工作中的信任"


def test_a_subject_is_one_line() -> None:
    from surveys.definition import Text

    mail = compose(letter(survey=Text("Trust\r\nBcc: all@example.org", "信任")), "en")
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_a_text_message_has_title_link_and_code() -> None:
    said = texts.text_message(letter(), texts.default_words("invitation", "en"), "en")
    assert said == (
        "Harbour Tea: Your view: Trust at <work> https://t.example/s/1/en/ AAAA-BBBB"
    )


def test_refusals_speak_both_languages() -> None:
    with pytest.raises(TextRefused) as refused:
        texts.check(Words("Subject", "No way in"))
    assert "{link}" in refused.value.in_("en")
    assert "正文必须包含" in refused.value.in_("zh-hans")
