"""The questionnaires that come with the product."""

from functools import lru_cache
from pathlib import Path

from surveys.definition.errors import DefinitionError
from surveys.definition.parse import LICENCE, parse_questionnaire
from surveys.definition.questionnaire import Questionnaire
from surveys.definition.text import LANGUAGES

FOLDER = Path(__file__).resolve().parent.parent / "instruments"


def load_library(folder: Path = FOLDER) -> tuple[Questionnaire, ...]:
    """Every questionnaire of `folder`, in the order of file names.

    Two files with one code and version are refused: stored forms refer to that pair.
    """
    found: dict[tuple[str, int], Questionnaire] = {}
    for path in sorted(folder.glob("*.yaml")):
        questionnaire = read_shipped(path)
        key = (questionnaire.code, questionnaire.version)
        if key in found:
            named = f"{questionnaire.code} {questionnaire.version}"
            raise DefinitionError(
                "duplicate", where="code", source=path.name, params={"value": named}
            )
        found[key] = questionnaire
    return tuple(found.values())


def read_shipped(path: Path) -> Questionnaire:
    """Questionnaire of the library in `path`: in both languages, openly licensed."""
    return _read(path.read_text(encoding="utf-8"), path)


@lru_cache(maxsize=64)
def _read(text: str, path: Path) -> Questionnaire:
    found = parse_questionnaire(text, source=path.name)
    for language in LANGUAGES:
        if language not in found.languages:
            params: dict[str, object] = {"language": language}
            raise DefinitionError(
                "missing_language", where="languages", source=path.name, params=params
            )
    if found.licence != LICENCE:
        params = {"value": found.licence, "allowed": LICENCE}
        raise DefinitionError(
            "bad_choice", where="licence", source=path.name, params=params
        )
    return found
