"""Questionnaires and forms as values: read, check, compile, encode. Knows no Django."""

from surveys.definition.canonical import canonical_json, digest
from surveys.definition.codec import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_VALUE,
    NOT_SHOWN,
    OTHER_FIELDS,
    SKIPPED,
    decode_answers,
    encode_answers,
)
from surveys.definition.compile import FormPart, compile_form
from surveys.definition.errors import AnswerError, DefinitionError
from surveys.definition.form import (
    SCHEMA_VERSION,
    Form,
    FormInstrument,
    FormItem,
    FormScale,
    Role,
)
from surveys.definition.library import load_library
from surveys.definition.parse import parse_questionnaire
from surveys.definition.questionnaire import (
    EVIDENCE_LEVELS,
    Item,
    Kind,
    Model,
    Questionnaire,
    ResponseFormat,
    Scale,
)
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES, Text

__all__ = [
    "EVIDENCE_LEVELS",
    "LANGUAGES",
    "NOT_APPLICABLE",
    "NOT_APPLICABLE_VALUE",
    "NOT_SHOWN",
    "OTHER_FIELDS",
    "REFERENTS",
    "SCHEMA_VERSION",
    "SKIPPED",
    "AnswerError",
    "DefinitionError",
    "Form",
    "FormInstrument",
    "FormItem",
    "FormPart",
    "FormScale",
    "Item",
    "Kind",
    "Model",
    "Questionnaire",
    "ResponseFormat",
    "Role",
    "Scale",
    "Text",
    "canonical_json",
    "compile_form",
    "decode_answers",
    "digest",
    "encode_answers",
    "load_library",
    "parse_questionnaire",
]
