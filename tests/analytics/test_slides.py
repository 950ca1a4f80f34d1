"""A release as slides: native, editable, in Chinese faces, and nothing overflows."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from analytics.files import fitting, fonts
from analytics.files.document import Chapter, Document, Heading, Picture, Words
from analytics.files.scenes import MOST, scenes_of
from analytics.files.slides import report_slides
from analytics.release_sections.heat import Heat, HeatColumn, HeatRow
from analytics.shown import Said
from tests.analytics.file_samples import document, long_document

LANGUAGES = ("en", "zh-hans")
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
POINT = 12700
DOCUMENTS = [
    (make, language) for make in (document, long_document) for language in LANGUAGES
]


@pytest.fixture(
    scope="module", params=DOCUMENTS, ids=lambda p: f"{p[0].__name__}-{p[1]}"
)
def talk(request: pytest.FixtureRequest) -> tuple[Document, Any]:
    make, language = request.param
    found = make(language)
    return found, Presentation(io.BytesIO(report_slides(found)))


def test_a_talk_is_wide_and_of_eight_to_fifteen_slides(
    talk: tuple[Document, Any],
) -> None:
    _, deck = talk
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9)
    assert 8 <= len(deck.slides) <= 15


def test_every_slide_has_a_title_and_words_for_the_speaker(
    talk: tuple[Document, Any],
) -> None:
    _, deck = talk
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame.text


def frames(deck: Any) -> Iterator[tuple[Any, float, float]]:
    """Every text frame with its width and height in points."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                yield shape.text_frame, shape.width / POINT, shape.height / POINT
            if shape.has_table:
                made = shape.table
                for row in made.rows:
                    for column, cell in zip(made.columns, row.cells, strict=True):
                        inner = column.width / POINT - 10
                        yield cell.text_frame, inner, row.height / POINT


def height_of(frame: Any, width: float, reserve: float) -> float:
    """Lines by the metrics of our own faces, letter by letter, for wider faces."""
    height = 0.0
    for paragraph in frame.paragraphs:
        size = max((run.font.size / Pt(1) for run in paragraph.runs), default=0.0)
        lines, used = 1, 0.0
        for run in paragraph.runs:
            for word in fitting.PIECE.findall(run.text):
                wide = fonts.width(word, size, bold=bool(run.font.bold)) * reserve
                if used + wide > width and used:
                    lines, used = lines + 1, 0.0
                used += wide
        height += lines * size * 1.2
    return height


def test_no_text_overflows_its_box(talk: tuple[Document, Any]) -> None:
    found, deck = talk
    reserve = {"en": 1.14, "zh-hans": 1.0}[found.language]
    count = 0
    for frame, width, height in frames(deck):
        count += 1
        assert height_of(frame, width, reserve) <= height + 2, frame.text
    assert count > 60


def test_nothing_lies_outside_a_slide_or_under_another_shape(
    talk: tuple[Document, Any],
) -> None:
    _, deck = talk
    for slide in deck.slides:
        boxes = [
            (s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes
        ]
        for left, top, right, bottom in boxes:
            assert left >= 0
            assert top >= 0
            assert right <= deck.slide_width
            assert bottom <= deck.slide_height
        for k, one in enumerate(boxes):
            for other in boxes[k + 1 :]:
                apart = (
                    one[2] <= other[0] + POINT
                    or other[2] <= one[0] + POINT
                    or one[3] <= other[1] + POINT
                    or other[3] <= one[1] + POINT
                )
                assert apart, slide.shapes.title.text_frame.text


def test_every_word_names_a_face_for_chinese(talk: tuple[Document, Any]) -> None:
    found, deck = talk
    runs = [run for slide in deck.slides for run in slide._element.iter(f"{A}r")]
    for run in runs:
        properties = run.find(f"{A}rPr")
        assert properties.find(f"{A}ea").get("typeface") == "Microsoft YaHei"
        assert (
            properties.get("lang")
            == {"en": "en-GB", "zh-hans": "zh-CN"}[found.language]
        )
    assert len(runs) > 100


def charts(deck: Any) -> list[Any]:
    return [s for slide in deck.slides for s in slide.shapes if s.has_chart]


def test_estimates_are_native_charts_with_their_intervals(
    talk: tuple[Document, Any],
) -> None:
    found, deck = talk
    made = charts(deck)
    assert len(made) >= 3
    picture = found.pictures()["dimensions-1-7"]
    shape = next(one for one in made if alt(one) == picture.description)
    rows = picture.spec["data"]["values"][::-1]
    series = shape.chart.plots[0].series[0]
    assert list(series.values) == [one["value"] for one in rows]
    assert [
        name.startswith(one["name"])
        for name, one in zip(shape.chart.plots[0].categories, rows, strict=True)
    ] == [True] * len(rows)
    bars = series._element.find(f"{C}errBars")
    plus = [float(v.text) for v in bars.find(f"{C}plus").iter(f"{C}v")]
    minus = [float(v.text) for v in bars.find(f"{C}minus").iter(f"{C}v")]
    assert plus == pytest.approx([one["high"] - one["value"] for one in rows], abs=1e-4)
    assert minus == pytest.approx([one["value"] - one["low"] for one in rows], abs=1e-4)


def alt(shape: Any) -> str:
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")


def test_tables_charts_and_pictures_have_words(talk: tuple[Document, Any]) -> None:
    _, deck = talk
    shown = [
        shape
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or shape.shape_type == 13
    ]
    assert len(shown) > 5
    assert all(alt(shape) for shape in shown)


def test_groups_are_a_native_table_with_the_colours_of_the_page() -> None:
    deck = Presentation(io.BytesIO(report_slides(document("zh-hans"))))
    cells = [
        cell
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    sales = next(cell for cell in cells if cell.text_frame.text.startswith("3.1\n"))
    assert str(sales.fill.fore_color.rgb) == "EFCB9C"


def test_the_file_says_whose_it_is(talk: tuple[Document, Any]) -> None:
    found, deck = talk
    assert deck.core_properties.title.startswith(found.title)
    assert deck.core_properties.author == found.organization


# ---- scenes


def of_chapters(*chapters: Chapter) -> Document:
    return Document("en", "A", "T", "S", (), "", "", chapters)


def read(text: str) -> Said:
    return Said("Chip", "plain", text)


def test_readings_of_several_questions_share_a_slide() -> None:
    chapter = Chapter(
        "trust",
        "Trust",
        (Heading("Precise?", 2), read("Yes."), Heading("Alike?", 2), read("No.")),
    )
    (scene,) = scenes_of(of_chapters(chapter))
    assert scene.gathered
    assert [one.text for one in scene.said] == ["Yes.", "No."]
    assert scene.heading == "Trust"


def test_a_reading_stands_beside_the_picture_that_it_names() -> None:
    care, skill = (Picture(name, name, name, {}) for name in ("Care", "Skill"))
    fell = Said("Fell", "stop", "Care fell.", "Care")
    rose = Said("Rose", "good", "Skill rose.", "Skill")
    chapter = Chapter("trend", "Trend", (read("An alarm."), care, skill, fell, rose))
    alarm, first, second = scenes_of(of_chapters(chapter))
    assert alarm.picture is None
    assert (first.picture, first.said) == (care, (fell,))
    assert (second.picture, second.said) == (skill, (rose,))


def test_words_alone_are_no_slide() -> None:
    assert scenes_of(of_chapters(Chapter("x", "X", (Words("Nothing yet."),)))) == ()


def test_a_long_grid_goes_on_over_slides() -> None:
    column = HeatColumn("C", "Care", "1-7")
    rows = tuple(
        HeatRow(f"unit:{k}", f"Team {k}", 1, "", False, "10", "", (), "few")
        for k in range(25)
    )
    grid = Heat("Teams", (column,), rows, ())
    found = scenes_of(of_chapters(Chapter("teams", "Teams", (grid,))))
    assert [scene.rows for scene in found] == [(0, 11), (11, 22), (22, 25)]


def test_every_chapter_keeps_its_first_scenes_when_there_are_too_many() -> None:
    long = Chapter(
        "a",
        "A",
        tuple(block for k in range(30) for block in (Heading(f"H{k}", 2), grid_of(k))),
    )
    short = Chapter("b", "B", (read("Said."),))
    found = scenes_of(of_chapters(long, short))
    assert len(found) == MOST
    assert found[-1].chapter == "B"


def grid_of(number: int) -> Heat:
    row = HeatRow("k", f"Team {number}", 1, "", False, "10", "", (), "few")
    return Heat(f"G{number}", (HeatColumn("C", "Care", "1-7"),), (row,), ())


# ---- fitting


def test_a_chinese_line_breaks_between_any_two_characters() -> None:
    ten = "信任" * 5
    wide = fonts.width(ten, 20) * fitting.HAN
    assert fitting.lines_of(ten, wide + 1, 20) == 1
    assert fitting.lines_of(ten, wide / 2 + 1, 20) == 2


def test_an_english_line_breaks_between_words_only() -> None:
    text = "trust trust"
    one = fonts.width("trust", 20) * fitting.LATIN
    assert fitting.lines_of(text, one * 1.9, 20) == 2


def test_a_word_longer_than_the_box_is_counted_in_full() -> None:
    word = "x" * 100
    box = fonts.width("x" * 30, 10) * fitting.LATIN
    assert fitting.lines_of(word, box, 10) == 4


def test_what_is_cut_fits_and_says_so() -> None:
    text = "Nobody reads a title of four lines. " * 6
    short = fitting.cut(text, 300, 20, 2, bold=True)
    assert short.endswith("…")
    assert fitting.lines_of(short, 300, 20, bold=True) <= 2
