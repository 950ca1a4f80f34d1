"""What an operator does: the library, and the people who may sign in."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from surveys import operating
from surveys.definition.library import FOLDER, load_library
from surveys.models import Membership, QuestionnaireVersion
from surveys.models.people import Role
from tests.factories import PASSWORD, make_organization


def add(email: str, **options: str) -> Membership:
    return operating.add_member(
        email=email,
        password=PASSWORD,
        organization_name=options.get("organization", "Harbour Tea"),
        role=Role(options.get("role", "owner")),
    )


def test_the_library_is_published_once(database: None) -> None:
    first = operating.publish_library()
    again = operating.publish_library()
    assert [v.pk for v in first] == [v.pk for v in again]
    shipped = {(q.code, q.version) for q in load_library()}
    assert {(v.code, v.version) for v in first} == shipped
    # every organization sees it, and nobody in particular owns it
    assert QuestionnaireVersion.objects.count() == len(shipped)


def test_a_changed_file_needs_a_new_number(
    database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (FOLDER / "trust_building_elements.yaml").read_text("utf-8")
    monkeypatch.setattr(operating, "FOLDER", tmp_path)
    file = tmp_path / "tbe.yaml"
    file.write_text(source, "utf-8")
    operating.publish_library()
    file.write_text(source.replace("keeps the promises", "kept the promises"), "utf-8")
    with pytest.raises(operating.PublishedVersionChanged, match=r"tbe\.yaml.*raise"):
        operating.publish_library()
    file.write_text(
        source.replace("keeps the promises", "kept the promises").replace(
            "version: 1", "version: 2", 1
        ),
        "utf-8",
    )
    assert [str(v) for v in operating.publish_library()] == ["TBE v2"]


def test_a_new_member_can_sign_in(
    database: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command(
        "add_member", "lead@example.org", organization="North", stdout=io.StringIO()
    )
    assert client.login(email="lead@example.org", password=PASSWORD)
    assert client.get("/").status_code == 200


def test_adding_again_changes_the_role_and_keeps_the_password(
    database: None, client: Client
) -> None:
    first = add("lead@example.org")
    again = operating.add_member(
        email="Lead@example.org",
        password=None,
        organization_name="Harbour Tea",
        role=Role.ANALYST,
    )
    assert (again.pk, again.role) == (first.pk, Role.ANALYST)
    assert client.login(email="lead@example.org", password=PASSWORD)


def test_an_ambiguous_name_is_refused(database: None) -> None:
    make_organization("Twin")
    make_organization("Twin")
    with pytest.raises(operating.SeveralOrganizations, match="2 organizations"):
        add("lead@example.org", organization="Twin")


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("no address", PASSWORD, "is not an e-mail address"),
        ("lead@example.org", "short", "too short"),
        ("lead@example.org", "", "too short"),
    ],
)
def test_bad_input_is_one_sentence_and_makes_nothing(
    database: None,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    password: str,
    says: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    with pytest.raises(CommandError, match=says):
        call_command("add_member", email, organization="North")
    assert not Membership.objects.using("owner").exists()
