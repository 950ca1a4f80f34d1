"""The pages of the catalogue: what they show, to whom, and what they never show."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.catalogue import Count, Published, Record, Structure, catalogue
from surveys.models.people import Role
from surveys.views import catalogue as views
from tests.factories import make_member, make_organization, signed_in

pytestmark = pytest.mark.usefixtures("database")

LIST = "/library/catalogue/"
SECRET_COUNT = 98_701_234  # no name of a style sheet holds it by chance
SECRET_FIGURE = 0.98765
SECRET_DOI = "10.99999/unchecked"


def text_of(client: Client, address: str, *, language: str = "en") -> str:
    reply = client.get(address, headers={"Accept-Language": language})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def page_of(record_id: str) -> str:
    return reverse("surveys:catalogue-record", args=[record_id])


@pytest.mark.parametrize("role", Role)
def test_everybody_of_an_organization_may_read_it(role: Role) -> None:
    client = signed_in(make_member(make_organization(), role=role))
    assert "Published scales" in text_of(client, LIST)
    assert "McAllister" in text_of(client, page_of("mcallister-1995"))


def test_the_library_leads_to_it(owner: Client) -> None:
    assert f'href="{LIST}"' in text_of(owner, "/library/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_record_has_a_page(owner: Client, language: str) -> None:
    for record in catalogue().values():
        page = text_of(owner, page_of(record.id), language=language)
        assert page.count("<h1>") == 1
        assert record.source.split(" ")[0].split("&")[0] in page


@pytest.mark.parametrize("address", [LIST, "/library/catalogue/edmondson-1999/"])
def test_the_pages_ask_only_who_is_asking(owner: Client, address: str) -> None:
    owner.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert owner.get(address).status_code == 200
    # session, user, BEGIN, member, membership, organization, COMMIT
    assert len(captured) == 7, [q["sql"] for q in captured]


def test_an_unknown_record_is_not_found(owner: Client) -> None:
    assert owner.get("/library/catalogue/no-such-scale/").status_code == 404


def test_figures_come_with_sample_and_source(owner: Client) -> None:
    page = text_of(owner, page_of("edmondson-1999"))
    assert "n = 8310 · Brazil · Portuguese" in page
    assert "alpha <strong>0.84</strong>" in page
    assert "ICC(1) <strong>0.195</strong>" in page
    assert "SciELO S1413-82712021000100165" in page
    assert "further figure is unchecked and not shown" in page
    # the alpha of the first paper is from memory
    assert "<strong>0.82</strong>" not in page


def test_means_are_shown_with_their_deviation_in_both_languages(owner: Client) -> None:
    address = page_of("liu-guo-2015")
    assert "mean (SD), competence <strong>4.84 (1.38)" in text_of(owner, address)
    chinese = text_of(owner, address, language="zh-hans")
    assert "均值（标准差），能力 <strong>4.84 (1.38)" in chinese


def test_rights_are_said_in_plain_words(owner: Client) -> None:
    page = text_of(owner, page_of("spi-trust"))
    assert "Anybody may use, copy and translate it" in page
    page = text_of(owner, page_of("mcallister-1995"))
    assert "do not use or pass on the wording before you have their permission" in page
    assert "Academy of Management (permissions) and the author" in page


def test_a_structure_from_memory_says_so(owner: Client) -> None:
    page = text_of(owner, page_of("wrightsman-phn"))
    assert "from memory and unchecked: it is not shown" in page
    assert "The citation is from memory" in page


def with_secrets(record: Record) -> Record:
    """The record with every unchecked number replaced by one that can be found."""

    def secret(count: Count | None, mark: str) -> Count | None:
        unchecked = count is not None and "M" in {count.mark, mark}
        return Count(SECRET_COUNT, "M") if unchecked else count

    def structure(old: Structure) -> Structure:
        if old.check is not None:
            return old
        return replace(
            old,
            n_items=secret(old.n_items, old.mark),
            scale_points=secret(old.scale_points, old.mark),
            dimensions=tuple(
                replace(
                    dimension,
                    n_items=secret(dimension.n_items, old.mark),
                    n_reverse=secret(dimension.n_reverse, old.mark),
                )
                for dimension in old.dimensions
            ),
        )

    def study(old: Published) -> Published:
        if old.reliable:
            return old
        figures = tuple(
            replace(figure, values=tuple(SECRET_FIGURE for _ in figure.values))
            for figure in old.figures
        )
        return replace(old, sample_n=SECRET_COUNT, figures=figures)

    return replace(
        record,
        doi=SECRET_DOI if record.doi_mark == "M" else record.doi,
        structure=structure(record.structure),
        published=tuple(study(entry) for entry in record.published),
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_unchecked_number_reaches_a_page(
    owner: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    changed = {key: with_secrets(record) for key, record in catalogue().items()}
    assert sum(record != catalogue()[key] for key, record in changed.items()) > 30
    monkeypatch.setattr(views, "catalogue", lambda: changed)
    pages = [LIST, *(page_of(key) for key in changed)]
    for address in pages:
        page = text_of(owner, address, language=language)
        for secret in (SECRET_COUNT, SECRET_FIGURE, SECRET_DOI):
            assert str(secret) not in page, address


@pytest.mark.parametrize(
    ("query", "there", "missing"),
    [
        ({"text": "edmondson"}, "psychological safety (Edmondson)", "McAllister"),
        ({"licence": "PD"}, "SAPA", "McAllister"),
        ({"referent": "brand", "length": "5-10"}, "Gurviez", "Chaudhuri"),
        ({"language": "ja"}, "Liu &amp; Guo", "McAllister"),
    ],
)
def test_the_list_narrows(
    owner: Client, query: dict[str, Any], there: str, missing: str
) -> None:
    reply = owner.get(LIST, query, headers={"Accept-Language": "en"})
    page = reply.content.decode()
    assert there in page
    assert missing not in page
    assert "Show all" in page


def test_the_form_keeps_what_was_asked(owner: Client) -> None:
    page = text_of(owner, f"{LIST}?text=trust&referent=leader")
    assert 'value="trust"' in page
    assert '<option value="leader" selected>' in page


def test_nothing_found_says_what_to_do(owner: Client) -> None:
    page = text_of(owner, f"{LIST}?text=xyzzy")
    assert f"0 scales of {len(catalogue())}" in page
    assert "No scale fits all of this" in page


@pytest.mark.parametrize(
    "query", ["referent=nobody", "text=" + "x" * 101, "licence=%00", "length=<b>"]
)
def test_a_request_that_makes_no_sense_is_named_at_its_field(
    owner: Client, query: str
) -> None:
    page = text_of(owner, f"{LIST}?{query}")
    assert 'class="errorlist"' in page
    assert f"{len(catalogue())} scales of {len(catalogue())}" in page
    assert "<b>" not in page


def test_only_languages_with_evidence_are_offered(owner: Client) -> None:
    page = text_of(owner, LIST)
    assert '<option value="ja">Japanese</option>' in page
    assert '<option value="fr">' not in page
