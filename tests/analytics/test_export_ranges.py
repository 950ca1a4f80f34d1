"""Which bytes leave: RFC 9110, section 14, with its own examples of a 10,000 byte file."""

import pytest

from analytics.export.ranges import Span, Unsatisfiable, span_of

ETAG = '"abc"'
SIZE = 10_000
WHOLE = Span(0, SIZE, partial=False)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-499", 0, 499),
        ("bytes=500-999", 500, 999),
        ("bytes=-500", 9_500, 9_999),
        ("bytes=9500-", 9_500, 9_999),
        ("bytes=0-0", 0, 0),
        ("bytes=9999-", 9_999, 9_999),
        ("bytes=9000-20000", 9_000, 9_999),
        ("bytes=-20000", 0, 9_999),
        (" bytes=0- ", 0, 9_999),
    ],
)
def test_a_range_names_its_first_and_last_byte(
    asked: str, first: int, last: int
) -> None:
    span = span_of(asked, None, size=SIZE, etag=ETAG)
    assert (span.first, span.last, span.partial) == (first, last, True)


@pytest.mark.parametrize("asked", ["bytes=10000-", "bytes=10000-10001", "bytes=-0"])
def test_what_lies_behind_the_end_is_refused(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        span_of(asked, None, size=SIZE, etag=ETAG)


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "items=0-1",
        "bytes=a-b",
        "bytes=１-２",
        f"bytes={'9' * 40}-",
    ],
)
def test_what_is_no_single_range_gets_the_whole_file(asked: str | None) -> None:
    assert span_of(asked, None, size=SIZE, etag=ETAG) == WHOLE


@pytest.mark.parametrize(
    "before", ['"other"', 'W/"abc"', "Sun, 22 Nov 2026 10:00:00 GMT"]
)
def test_a_file_that_changed_since_is_sent_from_its_beginning(before: str) -> None:
    assert span_of("bytes=5-", before, size=SIZE, etag=ETAG) == WHOLE
    assert span_of("bytes=5-", ETAG, size=SIZE, etag=ETAG).first == 5


def test_an_empty_file_has_no_byte_to_ask_for() -> None:
    assert span_of(None, None, size=0, etag=ETAG).length == 0
    with pytest.raises(Unsatisfiable):
        span_of("bytes=0-", None, size=0, etag=ETAG)
