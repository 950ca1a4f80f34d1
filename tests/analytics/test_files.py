"""A release as document, PDF and pictures: complete, readable, nothing clipped."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from typst import TypstError

from analytics.files import fonts, pdf, pictures
from analytics.files.document import (
    Block,
    Document,
    Heading,
    Legend,
    Picture,
    Words,
    chapter_of,
)
from analytics.files.pdf import report_pdf
from analytics.release_sections import SECTIONS
from analytics.shown import Row, Said, Shown
from analytics.tables import Cell, Column
from tests.analytics.file_samples import document, long_document

LANGUAGES = ("en", "zh-hans")
A4 = (595, 842)
TABLE = Shown("Scores", (Column("Scale"),), (Row(Cell("Care"), ()),), ())


@dataclass(frozen=True)
class Inner:
    title: str
    lines: tuple[str, ...]
    table: Shown


@dataclass(frozen=True)
class Section:
    title: str
    facts: tuple[str, ...]
    code: str
    rules: tuple[str, ...]
    empty_title: str
    said: tuple[Said, ...]
    parts: tuple[Inner, ...]
    words: dict[str, str]


def section(**changes: Any) -> Section:
    one = Section(
        title="Everything",
        facts=("Wave 3",),
        code="SECRET",
        rules=("First.", "Second."),
        empty_title="Nothing below",
        said=(),
        parts=(Inner("Part", ("A line.",), TABLE), Inner("Again", (), TABLE)),
        words={"x": "unread"},
    )
    return replace(one, **changes)


def test_a_chapter_has_what_its_section_shows_in_order() -> None:
    chapter = chapter_of("one", "Everything", section())
    assert chapter.blocks == (
        Words("First.", listed=True),
        Words("Second.", listed=True),
        Heading("Part", 2),
        Words("A line."),
        TABLE,
    )


def test_no_level_of_headings_is_skipped() -> None:
    @dataclass(frozen=True)
    class Deep:
        title: str
        inner: Section

    chapter = chapter_of("one", "Deep", Deep("Deep", section(title="")))
    levels = [one.level for one in chapter.blocks if isinstance(one, Heading)]
    assert levels == [2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_the_page_is_a_chapter(language: str) -> None:
    keys = [chapter.key for chapter in document(language).chapters]
    assert keys == [kind.key for kind in SECTIONS]


def test_what_is_hidden_from_a_role_is_in_no_file() -> None:
    from analytics.files.of_release import document_of
    from analytics.release_sections import Parts
    from tests.analytics import release_samples
    from tests.analytics.file_samples import texts

    parts = Parts(texts(), release_samples.facts())
    found = document_of(
        parts, "en", organization="A", hidden=frozenset({"teams", "comments"})
    )
    assert not {"teams", "comments"} & {chapter.key for chapter in found.chapters}


# ---- PDF


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(request: pytest.FixtureRequest) -> tuple[Document, PdfReader]:
    found = document(request.param)
    return found, PdfReader(io.BytesIO(report_pdf(found)))


def squeezed(text: str) -> str:
    """Text without spaces: lines end where the page does."""
    return re.sub(r"[\s\u200b]+", "", text)


def words_of(value: object) -> set[str]:
    """Every text of a block that a reader should find."""
    match value:
        case Picture():
            return {value.title}
        case str():
            return {value} if value.strip() else set()
        case tuple() | list():
            return set().union(*(words_of(one) for one in value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            left_out = {"key", "query", "tone", "anchor", "column", "code"}
            return set().union(
                *(
                    words_of(getattr(value, field.name))
                    for field in fields(value)
                    if field.name not in left_out
                )
            )
    return set()


def test_the_pdf_says_every_word_of_the_document(
    printed: tuple[Document, PdfReader],
) -> None:
    found, reader = printed
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    blocks: list[Block] = [b for chapter in found.chapters for b in chapter.blocks]
    missing = {
        words
        for block in blocks
        if not isinstance(block, Legend)
        for words in words_of(block)
        if squeezed(words) not in text
    }
    # a reason in full stands below its grid; in the cell stands its mark
    assert missing == set()
    assert squeezed(found.promise) in text
    assert squeezed(found.organization) in text


def test_labels_of_charts_are_text_in_the_pdf(
    printed: tuple[Document, PdfReader],
) -> None:
    found, reader = printed
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    labels = {
        squeezed("".join(node.itertext()))
        for picture in found.pictures().values()
        for node in drawing(picture).iter("{*}text")
    }
    assert len(labels) > 20
    assert {one for one in labels if one not in text} == set()


def test_the_pdf_is_readable_by_machines(printed: tuple[Document, PdfReader]) -> None:
    found, reader = printed
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == found.title
    assert reader.metadata.author == found.organization
    assert root["/Lang"] == {"en": "en-GB", "zh-hans": "zh-CN"}[found.language]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    size: Any = reader.trailer["/Size"]
    for number in range(1, int(size)):
        found = reader.get_object(number)
        if isinstance(found, DictionaryObject):
            yield found


def test_every_chart_in_the_pdf_says_what_it_shows(
    printed: tuple[Document, PdfReader],
) -> None:
    found, reader = printed
    said = {str(one["/Alt"]) for one in dictionaries(reader) if "/Alt" in one}
    assert said >= {one.description for one in found.pictures().values()}


def test_the_pdf_is_a4_with_contents_and_numbered_pages(
    printed: tuple[Document, PdfReader],
) -> None:
    found, reader = printed
    sizes = {(int(p.mediabox.width), int(p.mediabox.height)) for p in reader.pages}
    assert sizes in ({A4}, {(595, 841)})
    titles = [str(one["/Title"]) for one in reader.outline if not isinstance(one, list)]
    assert [chapter.title for chapter in found.chapters] == [
        title for title in titles if title in {c.title for c in found.chapters}
    ]
    count = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        foot = squeezed(page.extract_text())
        assert (f"{number}/{count}" in foot) == (number > 1)


def test_the_pdf_holds_two_faces_and_a_real_bold(
    printed: tuple[Document, PdfReader],
) -> None:
    _, reader = printed
    faces = set()
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            faces.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert {one.removesuffix("-Identity-H") for one in faces} == {
        "NotoSansSC-Regular",
        "NotoSansCJKjp-Bold",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_over_the_margins(language: str) -> None:
    """Also where groups and scales have the longest names."""
    reader = PdfReader(io.BytesIO(report_pdf(long_document(language))))
    over: list[str] = []
    for page in reader.pages:

        def place(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
            left = tm[4] * cm[0] + cm[4]
            wide = fonts.width(text.strip("\n"), size * abs(tm[0]) * abs(cm[0]))
            if text.strip() and left + wide > A4[0] - 20:
                over.append(f"{left:.0f}+{wide:.0f}: {text!r}")

        page.extract_text(visitor_text=place)
    assert over == []


def test_a_character_without_glyph_costs_the_claim_and_not_the_file() -> None:
    strange = replace(document("en"), organization="Harbour \U0001f600")
    reader = PdfReader(io.BytesIO(report_pdf(strange)))
    root: Any = reader.trailer["/Root"]
    assert b"pdfuaid:part" not in root["/Metadata"].get_data()
    assert len(reader.pages) > 3


def test_another_refusal_of_the_template_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "TYPST_LANGUAGE", {"en": ("no such language", "xx")})
    with pytest.raises(TypstError):
        report_pdf(document("en"))


# ---- pictures


def drawing(picture: Picture) -> Any:
    return etree.fromstring(pictures.drawn(picture).encode())


def extent(node: Any) -> tuple[float, float]:
    """Left and right end of a text, from the moves of everything around it."""
    shift = 0.0
    for one in (node, *node.iterancestors()):
        moved = re.match(r"translate\(([-\d.]+)", one.get("transform", ""))
        shift += float(moved[1]) if moved else 0.0
        if "rotate" in one.get("transform", ""):
            return 0.0, 0.0
    size = float(node.get("font-size", "0").removesuffix("px"))
    lines = [one.text or "" for one in node.iter("{*}tspan")] or node.itertext()
    wide = max(fonts.width(line, size) for line in lines)
    left = {"middle": shift - wide / 2, "end": shift - wide}
    start = left.get(node.get("text-anchor", "start"), shift)
    return start, start + wide


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [document, long_document])
def test_no_label_of_a_chart_is_clipped(make: Any, language: str) -> None:
    for picture in make(language).pictures().values():
        svg = pictures.drawn(picture)
        wide, _ = pictures.size_of(svg)
        for node in drawing(picture).iter("{*}text"):
            left, right = extent(node)
            assert "…" not in "".join(node.itertext()), picture.code
            assert left >= -1, (picture.code, "".join(node.itertext()))
            assert right <= wide + 1, (picture.code, "".join(node.itertext()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_svg_says_what_it_shows(language: str) -> None:
    picture = next(iter(document(language).pictures().values()))
    root = etree.fromstring(pictures.svg_file(picture, language))
    assert root.findtext("{*}title") == picture.title
    assert root.findtext("{*}desc") == picture.description
    assert root.get("role") == "img"
    assert "PingFang SC" in etree.tostring(root).decode()


def test_a_png_is_twice_as_large_and_says_what_it_shows() -> None:
    picture = next(iter(document("zh-hans").pictures().values()))
    wide, high = pictures.size_of(pictures.drawn(picture))
    image: Any
    with Image.open(io.BytesIO(pictures.png_file(picture))) as image:
        assert image.size == (2 * wide, 2 * high)
        assert image.text["Title"] == picture.title
        assert image.text["Description"] == picture.description
        assert image.getpixel((0, 0)) == (255, 255, 255)


def test_steps_have_the_colours_of_the_page() -> None:
    from django.conf import settings

    sheet = (settings.BASE_DIR / "static" / "css" / "release.css").read_text("utf-8")
    found = re.findall(r"--step-\d: (#[0-9a-f]{6});", sheet)[:7]
    assert tuple(found) == pictures.STEPS


def test_the_bold_face_has_every_character_of_our_words() -> None:
    """A character without a glyph would be as wide as the box that stands for it."""
    from analytics.sentences import SENTENCES

    used = {c for pair in SENTENCES.values() for text in pair for c in text}
    for bold in (False, True):
        # small, so that thousands are drawn in a moment
        face = fonts._face(bold=bold).font_variant(size=12)
        box = bytes(face.getmask("\U0010fffd"))
        lost = {c for c in used if not c.isspace() and bytes(face.getmask(c)) == box}
        assert lost == set()
