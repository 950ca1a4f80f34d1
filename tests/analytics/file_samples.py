"""Reports as documents, for the tests of files: a usual one and one with long names."""

from dataclasses import replace
from functools import cache

from analytics.files.document import Document
from analytics.files.of_release import document_of
from analytics.plan import Text
from analytics.release_sections import Parts
from tests.analytics import release_samples

ORGANIZATIONS = {"en": "Mountain and Sea Ltd.", "zh-hans": "山海科技有限公司"}
LONG = Text(
    "Openness about mistakes, plans and the reasons behind every larger decision",
    "对错误、计划以及每一项重大决定背后原因的坦诚与公开程度",
)


@cache
def texts() -> dict[str, str]:
    return release_samples.part_texts()


@cache
def document(language: str) -> Document:
    parts = Parts(texts(), release_samples.facts())
    return document_of(parts, language, organization=ORGANIZATIONS[language])


@cache
def long_document(language: str) -> Document:
    """The same with names as long as anybody would make them."""
    scales = {**release_samples.SCALES, "CARE": LONG}
    units = [
        replace(one, name=Text(f"{LONG.en} {k}", f"{LONG.zh_hans}{k}"))
        for k, one in enumerate(release_samples.units() * 6)
    ]
    part = release_samples.segments_part(
        (release_samples.everyone(), *units, *release_samples.others()), scales=scales
    )
    report = Parts(texts(), release_samples.facts()).report
    parts = Parts(release_samples.part_texts(part, report), release_samples.facts())
    return document_of(parts, language, organization=LONG.in_language(language))
