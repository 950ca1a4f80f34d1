"""What a file of answers is answers to: a form that is there, or one of its own."""

from uuid import UUID

from surveys import definition
from surveys.definition import Form as Asked
from surveys.definition import Text
from surveys.imports import Study
from surveys.models import AnswerFile, QuestionnaireVersion, Unit
from surveys.people.mapping import plain


def asked_of(file: AnswerFile) -> Asked:
    """Return the form that the answers of a file belong to."""
    if file.form is not None:
        return file.form.asked()
    if file.version is None:
        raise RuntimeError("A file of answers has a questionnaire or a survey.")
    version = QuestionnaireVersion.objects.get(pk=file.version)
    title = Text(file.said["title_en"], file.said["title_zh_hans"])
    said = file.said["referent"]
    referent = said if isinstance(said, str) else Text(said["en"], said["zh_hans"])
    study = Study(title, "", "", referent, simulated=False)
    return form_in_all_languages(version, study)


def form_in_all_languages(version: QuestionnaireVersion, study: Study) -> Asked:
    """As `imports.form_of`, in every language that the questionnaire has."""
    asked = version.questionnaire()
    return definition.compile_form(
        [definition.FormPart(asked, short=False)],
        title=study.title,
        referent=study.referent,
        languages=asked.languages,
        comment=False,
    )


def unit_names() -> dict[str, UUID]:
    """Plain codes and names of the units; a name that several have means none."""
    found: dict[str, UUID] = {}
    codes: dict[str, UUID] = {}
    several: set[str] = set()
    for unit in Unit.objects.order_by("code"):
        codes[plain(unit.code)] = unit.pk
        for name in {plain(unit.name_en), plain(unit.name_zh_hans)}:
            if found.setdefault(name, unit.pk) != unit.pk:
                several.add(name)
    return {name: key for name, key in found.items() if name not in several} | codes
