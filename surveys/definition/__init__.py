"""Questionnaires and forms as values: read, check, compile, encode. Knows no Django."""

from surveys.definition.canonical import canonical_json, digest
from surveys.definition.codec import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_VALUE,
    NOT_ASKED,
    NOT_SHOWN,
    OTHER_FIELDS,
    SKIPPED,
    clean,
    decode_answers,
    decode_texts,
    encode_answers,
)
from surveys.definition.compile import FormPart, common_languages, compile_form
from surveys.definition.conditions import Condition, all_met
from surveys.definition.errors import AnswerError, DefinitionError
from surveys.definition.form import (
    SCHEMA_VERSION,
    Form,
    FormInstrument,
    FormItem,
    FormScale,
    FormText,
    Role,
)
from surveys.definition.library import load_library
from surveys.definition.parse import parse_questionnaire
from surveys.definition.questionnaire import (
    EVIDENCE_LEVELS,
    AnswerKind,
    Item,
    Kind,
    Lineage,
    Model,
    NamedForm,
    Order,
    Questionnaire,
    ResponseFormat,
    Scale,
    Word,
    Wording,
)
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES, Text
from surveys.definition.write import questionnaire_to_data, questionnaire_to_yaml

__all__ = [
    "EVIDENCE_LEVELS",
    "LANGUAGES",
    "NOT_APPLICABLE",
    "NOT_APPLICABLE_VALUE",
    "NOT_ASKED",
    "NOT_SHOWN",
    "OTHER_FIELDS",
    "REFERENTS",
    "SCHEMA_VERSION",
    "SKIPPED",
    "AnswerError",
    "AnswerKind",
    "Condition",
    "DefinitionError",
    "Form",
    "FormInstrument",
    "FormItem",
    "FormPart",
    "FormScale",
    "FormText",
    "Item",
    "Kind",
    "Lineage",
    "Model",
    "NamedForm",
    "Order",
    "Questionnaire",
    "ResponseFormat",
    "Role",
    "Scale",
    "Text",
    "Word",
    "Wording",
    "all_met",
    "canonical_json",
    "clean",
    "common_languages",
    "compile_form",
    "decode_answers",
    "decode_texts",
    "digest",
    "encode_answers",
    "load_library",
    "parse_questionnaire",
    "questionnaire_to_data",
    "questionnaire_to_yaml",
]
