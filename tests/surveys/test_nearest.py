"""Citations in questionnaires lead to the records of the catalogue that are meant."""

import re

import pytest

from surveys import definition
from surveys.catalogue import catalogue
from surveys.nearest import RECORDS, nearest_to, record_of

CITED = {name for asks in definition.load_library() for name in asks.nearest_published}


@pytest.mark.parametrize(("citation", "record_id"), RECORDS.items())
def test_the_record_is_by_the_people_cited(citation: str, record_id: str) -> None:
    assert citation in CITED
    record = catalogue()[record_id]
    # Chinese authors stand in the name of the record
    said = f"{record.name.en} {' '.join(record.authors)}"
    if record_id not in {"ipip-trust", "trustdiff"}:
        assert re.split(r",| and ", citation)[0] in said


def test_what_the_catalogue_does_not_have_is_left_without_a_link() -> None:
    without = {name for name in CITED if record_of(name) is None}
    assert sorted(re.split(r",| and ", name)[0] for name in without) == [
        "Anderson",
        "Drollinger",
        "Dyer",
        "Kim",
        "Parasuraman",
        "Robinson",
        "Sako",
        "Steelman",
    ]


def test_who_reads_chinese_gets_the_chinese_name_of_the_record() -> None:
    cited = ["Ferres and Travaglione, Workplace Trust Survey", "Nobody, a scale"]
    assert nearest_to(cited, "zh-hans") == [
        ("职场信任调查（Ferres）", "ferres-wts"),
        ("Nobody, a scale", None),
    ]
    assert [name for name, _ in nearest_to(cited, "en")] == cited
