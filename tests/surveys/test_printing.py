"""What is printed: everything legible, in both languages, without fonts of the machine."""

import io

import pytest
from pypdf import PdfReader

from surveys.definition import LANGUAGES, Text
from surveys.fieldwork import printing
from surveys.promise import IN_SHORT, Thresholds, promise_text

ADDRESS = "https://trust.example.org/s/7b0c8c0e-0f7e-4a4e-9a53-0a8c3a1d9d11/"
WORDS = "lusab-babad-gutih-tugad-mutah-lamol"
CODES = [f"7QZX-{number:04d}-HJKM-NPQR" for number in range(19)]


def paper(
    mode: str = "anonymous", languages: tuple[str, ...] = LANGUAGES, **changed: Text
) -> printing.Paper:
    title = changed.get("title", Text("Trust in Harbour Tea", "我们信任港湾茶吗"))
    return printing.Paper("Harbour Tea 港湾茶", title, ADDRESS, mode, languages)


def pages_of(pdf: bytes) -> list[str]:
    """Text of each page without the breaks of lines."""
    read = PdfReader(io.BytesIO(pdf)).pages
    return [squeezed(page.extract_text().replace("\u200b", "")) for page in read]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_every_code_is_on_one_slip_with_all_that_it_needs(mode: str) -> None:
    pages = pages_of(printing.slips(paper(mode), CODES, fingerprint=WORDS))
    assert len(pages) == 3  # eight to a page
    whole = "".join(pages)
    for code in CODES:
        assert whole.count(code) == 1
    for each in (
        "Harbour Tea 港湾茶",
        "Trust in Harbour Tea",
        "我们信任港湾茶吗",
        IN_SHORT[mode].en,
        IN_SHORT[mode].zh_hans,
        WORDS,
    ):
        assert whole.count(squeezed(each)) >= len(CODES), each


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_in_one_language_says_nothing_in_the_other(language: str) -> None:
    (page,) = pages_of(
        printing.slips(paper(languages=(language,)), CODES[:2], fingerprint=WORDS)
    )
    other = next(one for one in LANGUAGES if one != language)
    assert squeezed(IN_SHORT["anonymous"].in_(language)) in page
    assert squeezed(IN_SHORT["anonymous"].in_(other)) not in page


def test_chinese_is_drawn_by_the_font_that_comes_along() -> None:
    pdf = printing.slips(paper(), CODES[:1], fingerprint=WORDS)
    resources = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    fonts = {str(font["/BaseFont"]) for font in resources["/Font"].values()}  # type: ignore[index]
    assert fonts
    assert all("NotoSansSC" in font for font in fonts)


def test_the_longest_titles_keep_eight_slips_on_a_page() -> None:
    long = Text("Trust among us " * 13, "我们之间的信任" * 28)
    assert len(long.zh_hans) <= 200
    pdf = printing.slips(paper(title=long), CODES[:8], fingerprint=WORDS)
    (page,) = pages_of(pdf)
    assert page.count("我们之间的信任我们") >= 8
    assert "…" in page


def test_titles_cannot_bring_markup() -> None:
    rude = Text('#panic("x") *bold* $x$ \\', "#import")
    (page,) = pages_of(printing.poster(paper(title=rude), promise=rude))
    assert '#panic("x")*bold*$x$\\' in page


def test_the_poster_holds_title_address_and_promise() -> None:
    promise = promise_text("open", Thresholds())
    (page,) = pages_of(printing.poster(paper("open"), promise=promise))
    for each in (
        "我们信任港湾茶吗",
        promise.en,
        promise.zh_hans,
        "trust.example.org/s/",
    ):
        assert squeezed(each) in page
