"""A mail about each report to owners and analysts: once, in their language, or none."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from analytics.files.digest import digest
from analytics.mailing import queue, send_due
from analytics.models import Release, ReleaseMail, ReportMailChoice
from analytics.release_sections import Parts
from surveys.fieldwork.mail import Bounced, Envelope, Postman, ServerDown, TryLater
from surveys.models import Membership, Organization, RoleSections, Survey, User, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics import release_samples
from tests.analytics.file_samples import texts
from tests.factories import (
    NOW,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    signed_in,
)
from tests.released import make_release
from trustsurvey.mail import NOT_SET_UP

pytestmark = pytest.mark.usefixtures("database")
DIGEST = ReleaseMail.Kind.DIGEST


@pytest.fixture
def organization(database: None) -> Organization:
    return make_organization()


@pytest.fixture
def wave(organization: Organization) -> Wave:
    return make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))


@pytest.fixture
def release(wave: Wave) -> Release:
    return make_release(wave, texts())


@pytest.fixture
def owner(organization: Organization) -> User:
    return make_member(organization)


class Refusing(Postman):
    """A mail server that answers every mail alike."""

    def __init__(self, refusal: Exception) -> None:
        super().__init__()
        self.refusal = refusal

    def send(self, envelope: Envelope) -> None:
        raise self.refusal


def queued(release: Release) -> int:
    with organization_scope(release.organization_id):
        return queue(release, DIGEST, at=NOW)


def rows(release: Release) -> list[ReleaseMail]:
    with organization_scope(release.organization_id):
        return list(ReleaseMail.objects.filter(release=release).order_by("pk"))


def choose(user: User, organization: Organization, **values: object) -> None:
    with organization_scope(organization.pk):
        ReportMailChoice.objects.create(
            organization=organization,
            membership=Membership.objects.get(user=user),
            **values,
        )


def test_owners_and_analysts_get_one_mail_each(
    organization: Organization,
    release: Release,
    owner: User,
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    analyst = make_member(organization, email="a@example.org", role=Role.ANALYST)
    for role in (Role.MANAGER, Role.FIELDWORKER, Role.AUDITOR):
        make_member(organization, email=f"{role}@example.org", role=role)
    assert queued(release) == 2
    assert queued(release) == 2  # asked for twice, there are still two rows
    assert send_due(NOW) == 2
    assert send_due(NOW + timedelta(days=1)) == 0
    assert {mail.to[0] for mail in mailoutbox} == {owner.email, analyst.email}
    assert all(row.sent_at == NOW for row in rows(release))


def test_without_a_choice_a_mail_is_in_both_languages(
    release: Release, owner: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    queued(release)
    send_due(NOW)
    (mail,) = mailoutbox
    link = reverse("analytics:release", args=[release.pk])
    for words in ("Trust index: 68 of 100", "信任指数: 68 满分 100", "212", link):
        assert words in mail.body
    html = str(mail.alternatives[0][0])
    assert 'lang="zh-Hans"' in html
    assert "http" in html
    assert "<img" not in html
    assert "List-Unsubscribe" not in mail.extra_headers


def test_a_member_gets_the_language_of_their_choice(
    organization: Organization,
    release: Release,
    owner: User,
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    choose(owner, organization, language="zh-hans")
    queued(release)
    send_due(NOW)
    assert "报告" in mailoutbox[0].subject
    assert "Trust index" not in mailoutbox[0].body


def test_who_wants_no_mail_gets_none(
    organization: Organization, release: Release, owner: User
) -> None:
    choose(owner, organization, wanted=False)
    assert queued(release) == 0


def test_who_changes_their_mind_before_it_leaves_gets_none(
    organization: Organization,
    release: Release,
    owner: User,
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    queued(release)
    choose(owner, organization, wanted=False)
    assert send_due(NOW) == 0
    assert mailoutbox == []


def test_a_withdrawn_report_is_mailed_to_nobody(
    release: Release, owner: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    queued(release)
    with organization_scope(release.organization_id):
        Release.objects.update(state=Release.State.WITHDRAWN)
    assert send_due(NOW) == 0
    assert mailoutbox == []


def test_an_analyst_who_may_not_see_the_glance_gets_the_link_alone(
    organization: Organization,
    release: Release,
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    make_member(organization, role=Role.ANALYST)
    with organization_scope(organization.pk):
        RoleSections.objects.create(
            organization=organization, role=Role.ANALYST, sections=["methods"]
        )
    queued(release)
    send_due(NOW)
    assert str(release.pk) in mailoutbox[0].body
    assert "68" not in mailoutbox[0].body.replace(str(release.pk), "")


def test_where_the_site_sends_no_mail_nothing_waits(
    release: Release, owner: User, settings: object
) -> None:
    settings.EMAIL_BACKEND = NOT_SET_UP  # type: ignore[attr-defined]
    assert queued(release) == 0
    assert send_due(NOW) == 0
    assert rows(release) == []


def test_a_server_that_is_away_charges_nothing(release: Release, owner: User) -> None:
    queued(release)
    assert send_due(NOW, Refusing(ServerDown("away"))) == 0
    (row,) = rows(release)
    assert (row.attempts, row.sent_at, row.next_try_at) == (0, None, NOW)


def test_a_refused_mail_is_tried_again_after_a_pause(
    release: Release, owner: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    queued(release)
    assert send_due(NOW, Refusing(TryLater("busy"))) == 0
    (row,) = rows(release)
    assert row.attempts == 1
    assert row.problem == "busy"
    assert send_due(NOW) == 0
    assert send_due(NOW + timedelta(minutes=2)) == 1
    assert len(mailoutbox) == 1


def test_an_address_that_refuses_for_good_is_left_alone(
    release: Release, owner: User
) -> None:
    queued(release)
    send_due(NOW, Refusing(Bounced("no such user")))
    assert send_due(NOW + timedelta(days=30)) == 0


def test_one_organizations_mail_tells_nothing_of_another(
    release: Release, owner: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    other = make_organization("Elsewhere")
    make_member(other, email="else@example.org")
    queued(release)
    send_due(NOW)
    assert [mail.to for mail in mailoutbox] == [[owner.email]]


def test_the_page_keeps_the_choice(
    organization: Organization, release: Release, owner: User
) -> None:
    client = signed_in(owner)
    address = reverse("analytics:release-mail", args=[release.pk])
    for mail, kept in (
        ("none", (False, "")),
        ("en", (True, "en")),
        ("both", (True, "")),
    ):
        assert client.post(address, {"mail": mail}).status_code == 302
        with organization_scope(organization.pk):
            (row,) = ReportMailChoice.objects.all()
        assert (row.wanted, row.language) == kept
        page = client.get(reverse("analytics:release-files", args=[release.pk]))
        assert f'value="{mail}" selected' in page.content.decode()


def test_a_choice_that_is_none_changes_nothing(
    organization: Organization, release: Release, owner: User
) -> None:
    address = reverse("analytics:release-mail", args=[release.pk])
    signed_in(owner).post(address, {"mail": "daily"})
    with organization_scope(organization.pk):
        assert not ReportMailChoice.objects.exists()


def test_mail_is_chosen_by_those_who_get_it(
    organization: Organization, release: Release
) -> None:
    client: Client = signed_in(make_member(organization, role=Role.AUDITOR))
    address = reverse("analytics:release-mail", args=[release.pk])
    assert client.post(address, {"mail": "en"}).status_code == 403
    page = client.get(reverse("analytics:release-files", args=[release.pk]))
    assert address not in page.content.decode()


def test_simulated_answers_are_called_so_in_the_mail() -> None:
    parts = Parts(texts(), release_samples.facts())
    mail = digest(parts, "en", organization="A", link="https://x", tells=True)
    assert "Simulated answers" in mail.text
    assert "Simulated answers" in mail.html


def test_the_mail_is_marked_with_its_language() -> None:
    parts = Parts(texts(), release_samples.facts())
    mail = digest(parts, "zh-hans", organization="A", link="https://x", tells=False)
    assert '<html lang="zh-Hans">' in mail.html
    assert f"<title>{mail.subject}</title>" in mail.html
    assert mail.text.count("https://x") == 1
