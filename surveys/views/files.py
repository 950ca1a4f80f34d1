"""A questionnaire as a file: YAML, XLSForm, LimeSurvey, codebook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from surveys import authoring
from surveys.access import ANALYSTS, EVERYBODY, MemberRequest, for_members
from surveys.definition import Questionnaire, questionnaire_to_yaml
from surveys.definition.draft import document_of
from surveys.definition.write import data_to_yaml
from surveys.interchange import (
    to_codebook_csv,
    to_limesurvey_tsv,
    to_lss,
    to_xlsform,
)
from surveys.loading import may_export
from surveys.models import QuestionnaireDraft, QuestionnaireVersion

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its name on the page, the end of its own name, its type."""

    label: str | Promise
    ending: str
    content_type: str
    write: Callable[[Questionnaire], str | bytes]


KINDS: Mapping[str, FileKind] = {
    "yaml": FileKind(
        "YAML", ".yaml", "application/yaml; charset=utf-8", questionnaire_to_yaml
    ),
    "xlsform": FileKind("XLSForm", ".xlsx", _SHEET, to_xlsform),
    "lss": FileKind("LimeSurvey (.lss)", ".lss", "application/xml", to_lss),
    "tsv": FileKind(
        gettext_lazy("LimeSurvey (table)"),
        ".txt",
        "text/tab-separated-values; charset=utf-8",
        to_limesurvey_tsv,
    ),
    "codebook": FileKind(
        gettext_lazy("Codebook (CSV)"),
        "-codebook.csv",
        "text/csv; charset=utf-8",
        to_codebook_csv,
    ),
}
# Name of each kind for the links of a page.
LABELS = tuple((kind, one.label) for kind, one in KINDS.items())


@require_safe
@for_members(EVERYBODY)
def version_file(request: MemberRequest, version_id: UUID, kind: str) -> HttpResponse:
    """Hand out a published version; loaded wording only where its licence lets it go."""
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    if not may_export(version):
        messages.error(request, _refusal())
        return redirect("surveys:instrument", version_id=version.pk)
    asked = version.questionnaire()
    return _file(KINDS[kind].write(asked), kind, version.code, version.version)


@require_safe
@for_members(ANALYSTS)
def draft_file(request: MemberRequest, draft_id: UUID, kind: str) -> HttpResponse:
    """Hand out a draft: as YAML however unfinished, otherwise once it is complete."""
    draft = get_object_or_404(QuestionnaireDraft, pk=draft_id)
    follows = authoring.before(draft)
    refusal = ""
    written: str | bytes = b""
    if not _may_leave(draft, follows):
        refusal = _refusal()
    elif kind == "yaml":
        written = data_to_yaml(document_of(draft.content, follows.number))
    elif asked := authoring.judgement(draft, follows).questionnaire:
        written = KINDS[kind].write(asked)
    else:
        refusal = _(
            "Other programs take complete questionnaires only: put right what is marked"
            " first, or take the YAML."
        )
    if refusal:
        messages.error(request, refusal)
        return redirect("surveys:draft", draft_id=draft.pk)
    return _file(written, kind, draft.code, follows.number)


def _may_leave(draft: QuestionnaireDraft, follows: authoring.Before) -> bool:
    if draft.content["catalogue"] is None:
        return True
    return follows.base is not None and may_export(follows.base)


def _refusal() -> str:
    return _(
        "The wording of this scale was loaded under a right that does not let it be"
        " passed on, so there is no file of it."
    )


def _file(written: str | bytes, kind: str, code: str, number: int) -> HttpResponse:
    name = f"{code}-{number}{KINDS[kind].ending}"
    return HttpResponse(
        written,
        content_type=KINDS[kind].content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
