"""A codebook as DDI-Codebook 2.5, the form that data archives read.

Both languages stand side by side with ``xml:lang``. Of the elements that the standard
allows only once, the English one is written.
https://ddialliance.org/Specification/DDI-Codebook/2.5/
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from analytics.export.codebook.shown import mode, source
from analytics.export.codebook.values import Codebook, Entry, ScaleTold, Study, WaveTold
from analytics.export.dataset import Measure, Variable
from analytics.plan import Text
from analytics.sentences import Sentence, label

NAMESPACE: Final = "ddi:codebook:2_5"
LOCATION: Final = (
    "ddi:codebook:2_5 "
    "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
)
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA_LOCATION: Final = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
LANGUAGES: Final = {"en": "en", "zh-hans": "zh-Hans"}
# DDI has no level "scale": both of its names promise more than we know
NATURE: Final[Mapping[Measure, str]] = {
    "nominal": "nominal",
    "ordinal": "ordinal",
    "scale": "interval",
}


def write_ddi(
    book: Codebook, path: Path, *, language: str = "en", files: Sequence[str] = ()
) -> None:
    """Write the codebook as DDI-Codebook 2.5.

    `files` are names of the data files it lies beside; each holds every variable.
    `language` plays no part: both are inside.
    """
    tree = ET.ElementTree(ddi_of(book, files))
    ET.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def ddi_of(book: Codebook, files: Sequence[str] = ()) -> ET.Element:
    """Return the root element ``codeBook``."""
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    root.set(SCHEMA_LOCATION, LOCATION)
    root.set(XML_LANG, "en")
    document = _in(root, "docDscr")
    _citation(document, book.study, label("codebook", "en") + ": ")
    study = _in(root, "stdyDscr")
    _citation(study, book.study, "")
    _scope(study, book.study)
    _method(study, book.study)
    _access(study, book.study)
    keys = {f"F{number}": name for number, name in enumerate(files or ("data",), 1)}
    for key, name in keys.items():
        _file(root, book, key, name)
    data = _in(root, "dataDscr")
    known = {entry.variable.name for entry in book.entries}
    for scale in book.scales:
        _group(data, scale)
    for entry in book.entries:
        _variable(data, entry, known).set("files", " ".join(keys))
    return root


def _in(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Append an element, with its attributes and text."""
    child = ET.SubElement(parent, tag, attributes)
    if text:
        child.text = text
    return child


def _both(parent: ET.Element, tag: str, text: Text, **attributes: str) -> None:
    """Append an element a language; one where both say the same."""
    said: set[str] = set()
    for language, code in LANGUAGES.items():
        words = text.in_language(language)
        if words and words not in said:
            said.add(words)
            _in(parent, tag, words, **attributes).set(XML_LANG, code)


def _labelled(code: str, **gaps: str) -> Text:
    return Text(label(code, "en", **gaps), label(code, "zh-hans", **gaps))


def _citation(parent: ET.Element, study: Study, before: str) -> None:
    citation = _in(parent, "citation")
    titles = _in(citation, "titlStmt")
    _in(titles, "titl", before + study.title.en).set(XML_LANG, "en")
    if study.title.zh_hans != study.title.en:
        parallel = _in(titles, "parTitl", study.title.zh_hans)
        parallel.set(XML_LANG, "zh-Hans")
    _in(titles, "IDNo", study.id, agency="trustsurvey")
    if study.about.organization:
        _in(_in(citation, "rspStmt"), "AuthEnty", study.about.organization)
    produced = _in(citation, "prodStmt")
    if licence := study.facts.get("licence"):
        _in(produced, "copyright", licence)
    _in(produced, "software", study.facts.get("software", "trustsurvey"))


def _scope(parent: ET.Element, study: Study) -> None:
    scope = _in(parent, "stdyInfo")
    for referent in study.referents:
        trust = _labelled("codebook_referent")
        subject = _in(scope, "subject") if scope.find("subject") is None else scope[0]
        words = Text(
            f"{trust.en}: {referent.en}", f"{trust.zh_hans}：{referent.zh_hans}"
        )
        _both(subject, "keyword", words)
    summary = _in(scope, "sumDscr")
    for wave in study.waves:
        _dates(summary, wave)
    if study.about.sample:
        _in(summary, "universe", study.about.sample)
    _in(summary, "dataKind", "survey data").set(XML_LANG, "en")
    for fact, value in study.facts.items():
        _in(scope, "notes", value, subject=fact)


def _dates(summary: ET.Element, wave: WaveTold) -> None:
    cycle = str(wave.number)
    _in(summary, "collDate", wave.opened, date=wave.opened, event="start", cycle=cycle)
    if wave.closed:
        _in(
            summary, "collDate", wave.closed, date=wave.closed, event="end", cycle=cycle
        )


def _method(parent: ET.Element, study: Study) -> None:
    method = _in(parent, "method")
    collection = _in(method, "dataColl")
    for wave in study.waves:
        if wave.invited is not None:
            asked = Text(
                f"Wave {wave.number}: {wave.invited} people were asked.",
                f"第 {wave.number} 轮：邀请了 {wave.invited} 人。",
            )
            _both(collection, "sampProc", asked)
    _both(collection, "collMode", Text(mode(study, "en"), mode(study, "zh-hans")))
    for one in study.instruments:
        told = {
            language: f"{one.name.in_language(language)} ({one.code}), "
            f"{label('codebook_version', language)} {one.version}; "
            f"{source(one, language)}; {one.licence}; sha256 {one.digest}"
            for language in LANGUAGES
        }
        _both(collection, "resInstru", Text(told["en"], told["zh-hans"]))
    if study.about.simulated:
        _both(method, "notes", _labelled("codebook_simulated"), type="simulated")
    for note in study.notes:
        _both(method, "notes", note.as_text())


def _access(parent: ET.Element, study: Study) -> None:
    """Write the promise as the restriction of use, once a language."""
    for promised in study.about.promises:
        access = _in(parent, "dataAccs")
        for language, code in LANGUAGES.items():
            use = _in(access, "useStmt")
            use.set(XML_LANG, code)
            words = promised.text.in_language(language)
            _in(use, "restrctn", words).set(XML_LANG, code)
        waves = " ".join(str(number) for number in promised.waves)
        _in(access, "notes", promised.digest, subject="sha256", level=f"wave {waves}")


def _file(root: ET.Element, book: Codebook, key: str, name: str) -> None:
    told = _in(_in(root, "fileDscr", ID=key, URI=name), "fileTxt")
    _in(told, "fileName", name)
    size = _in(told, "dimensns")
    _in(size, "caseQnty", str(book.study.rows))
    _in(size, "varQnty", str(len(book.entries)))
    _in(told, "fileType", name.rpartition(".")[2] or name, charset="UTF-8")


def _group(data: ET.Element, scale: ScaleTold) -> None:
    members = " ".join(f"V_{name}" for name in (*scale.items, *scale.scores))
    group = _in(data, "varGrp", type="subject", name=scale.code, var=members)
    _both(group, "labl", scale.name)
    if scale.model:
        _both(group, "concept", _labelled(f"codebook_model_{scale.model}"))


def _variable(data: ET.Element, entry: Entry, known: set[str]) -> ET.Element:
    one = entry.variable
    var = _in(
        data,
        "var",
        ID=f"V_{one.name}",
        name=one.name,
        wgt="wgt" if one.role == "weight" else "not-wgt",
        intrvl="contin" if one.kind == "number" else "discrete",
        nature=NATURE[one.measure],
        representationType=_representation(one),
    )
    _both(var, "labl", one.label)
    if entry.question is not None:
        _question(var, entry.question)
    _ranges(var, one)
    _statistics(var, entry)
    for sentence in entry.said:
        _both(var, "txt", sentence.as_text())
    _categories(var, entry)
    if one.scale:
        _in(var, "concept", one.scale, vocab="scale")
    _derivation(var, entry, known)
    kind = "character" if one.kind == "text" else "numeric"
    _in(var, "varFormat", type=kind, schema="other")
    _both(var, "notes", _labelled(f"codebook_role_{one.role}"), type="role")
    return var


def _representation(one: Variable) -> str:
    if one.kind == "text":
        return "text"
    return "code" if one.values else "numeric"


def _question(var: ET.Element, question: Text) -> None:
    for language, code in LANGUAGES.items():
        asked = _in(var, "qstn")
        asked.set(XML_LANG, code)
        _in(asked, "qstnLit", question.in_language(language)).set(XML_LANG, code)


def _ranges(var: ET.Element, one: Variable) -> None:
    units = "REAL" if one.kind == "number" else "INT"
    if one.low is not None and one.high is not None:
        valid = _in(var, "valrng")
        ends = {"min": f"{one.low:g}", "max": f"{one.high:g}"}
        _in(valid, "range", UNITS=units, **ends)
    if one.missing:
        invalid = _in(var, "invalrng")
        for missing in one.missing:
            _in(invalid, "item", UNITS="INT", VALUE=str(missing.value))


def _statistics(var: ET.Element, entry: Entry) -> None:
    told = entry.statistics
    if told.valid.is_exact:
        _in(var, "sumStat", str(told.valid.low), type="vald")
    for name, number in (("invd", told.missing), ("mean", told.mean)):
        if number is not None:
            _in(var, "sumStat", repr(number), type=name)
    if told.sd is not None:
        _in(var, "sumStat", repr(told.sd), type="stdev")
    if told.withheld is not None:
        _both(var, "txt", told.withheld.as_text())


def _categories(var: ET.Element, entry: Entry) -> None:
    for one in entry.statistics.frequencies:
        category = _in(var, "catgry", missing="Y" if one.missing else "N")
        _in(category, "catValu", str(one.code))
        if one.label is not None:
            _both(category, "labl", one.label)
        if one.n is not None:
            _in(category, "catStat", str(one.n), type="freq")


def _derivation(var: ET.Element, entry: Entry, known: set[str]) -> None:
    made_of = [name for name in entry.variable.items if name in known]
    if not entry.variable.items:
        return
    derivation = _in(var, "derivation")
    if made_of:
        derivation.set("var", " ".join(f"V_{name}" for name in made_of))
    _in(derivation, "drvdesc", _joined(entry.said)).set(XML_LANG, "en")


def _joined(said: Sequence[Sentence]) -> str:
    return " ".join(one.text("en") for one in said)
