"""What a file is called: in its reader's language, and once more for old programs."""

from urllib.parse import quote

from django.utils.text import get_valid_filename, slugify
from django.utils.translation import override

from analytics.export.formats import FORMATS
from analytics.export.models import Export

LONGEST = 80  # characters of the title


def name_of(export: Export) -> str:
    """Return a name in the language of the labels: title, waves, what, simulated."""
    with override(export.language):
        what = str(Export.Kind(export.kind).label)
    numbers = "-".join(map(str, export.waves[:5]))
    more = "+" if len(export.waves) > 5 else ""
    wave = (
        f"第{numbers}{more}轮"
        if export.language == "zh-hans"
        else f"wave {numbers}{more}"
    )
    mark = "模拟数据" if export.language == "zh-hans" else "simulated"
    words = [
        export.survey.title(export.language)[:LONGEST],
        wave if export.waves else "",
        what,
        mark if export.survey.simulated else "",
    ]
    name = " · ".join(word for word in words if word).replace("/", "-")
    return f"{name}.{FORMATS[export.format].ending}"


def disposition(export: Export) -> str:
    """Return the header that names a download (RFC 6266, RFC 8187)."""
    ending = FORMATS[export.format].ending
    title = slugify(export.survey.title_en)[:LONGEST] or "survey"
    waves = "-".join(map(str, export.waves[:5]))
    words = [title, f"wave-{waves}" if waves else "", export.kind]
    words += ["simulated"] if export.survey.simulated else []
    plain = "-".join(word for word in words if word)
    full = quote(get_valid_filename(export.filename), safe="")
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{full}"
