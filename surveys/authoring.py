"""Writing an organization's own questionnaires: drafts, and versions made of them.

All of it runs inside an organization's transaction (surveys/tenancy.py).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from surveys import definition
from surveys.definition import DefinitionError, Questionnaire, canonical_json
from surveys.definition.draft import Content, content_of_questionnaire
from surveys.definition.quality import LicensedWording
from surveys.definition.unfinished import Judgement, judge
from surveys.definition.yaml_text import LARGEST_DOCUMENT
from surveys.models import Organization, QuestionnaireDraft, QuestionnaireVersion


class CodeTaken(Exception):
    """The library has a questionnaire of this code; choose another one."""


class StaleDraft(Exception):
    """The draft was changed, published or deleted since this page was loaded."""


class NotPublishable(Exception):
    """Something must be put right before this draft can be published."""


@dataclass(frozen=True, slots=True)
class Before:
    """Versions that a draft follows.

    Attributes
    ----------
    base : QuestionnaireVersion or None
        The one it was begun from, of this organization or the library.
    last : QuestionnaireVersion or None
        The last published one of its own code.
    """

    base: QuestionnaireVersion | None
    last: QuestionnaireVersion | None

    @property
    def number(self) -> int:
        """Number that the draft gets when it is published."""
        return self.last.version + 1 if self.last is not None else 1

    @property
    def retired(self) -> tuple[str, ...]:
        """Item codes that have a meaning already: none of them is given to a new item."""
        known = [one.questionnaire() for one in (self.base, self.last) if one]
        return tuple(item.code for asked in known for item in asked.items)


@transaction.atomic
def begin(
    *,
    organization: Organization,
    content: Content,
    base: QuestionnaireVersion | None,
    at: datetime,
) -> tuple[QuestionnaireDraft, bool]:
    """Draft of the code in `content`, and whether it was made now.

    There is one draft a code: an older one is returned as it stands.

    Raises
    ------
    CodeTaken
        The library has the code.
    """
    code = content["code"]
    if QuestionnaireVersion.objects.filter(organization=None, code=code).exists():
        raise CodeTaken(code)
    return QuestionnaireDraft.objects.get_or_create(
        organization=organization,
        code=code,
        defaults={
            "content": content,
            "base": str_of(base) if base is not None else "",
            "changed_at": at,
        },
    )


def str_of(version: QuestionnaireVersion) -> str:
    """Name of a version in `QuestionnaireDraft.base`, such as ``TBE 1``."""
    return f"{version.code} {version.version}"


def copied(version: QuestionnaireVersion, code: str) -> Content:
    """Content to begin from `version` under `code`: its next version, or a relative.

    What it was edited from stays known; that people have read it does not.
    """
    content = content_of_questionnaire(version.questionnaire())
    for scale in content["scales"]:
        for item in scale["items"]:
            # it told the code in the version before this one
            item["lineage"] = None
    lineage = {"code": version.code, "version": version.version}
    return content | {"code": code, "lineage": lineage, "native_review": "owed"}


def before(draft: QuestionnaireDraft) -> Before:
    """Versions that `draft` follows; one query."""
    code, _, number = draft.base.rpartition(" ")
    versions = QuestionnaireVersion.objects.filter(code__in={draft.code, code})
    base = last = None
    for version in versions.order_by("version"):
        if (version.code, str(version.version)) == (code, number):
            base = version
        if version.code == draft.code and version.organization_id is not None:
            last = version
    return Before(base, last)


def licensed_wordings() -> tuple[LicensedWording, ...]:
    """Items of the published scales that the organization loaded."""
    loaded = QuestionnaireVersion.objects.exclude(right_statement="").order_by("code")
    return tuple(
        LicensedWording(item.code, language, item.text.in_(language), record)
        for version in loaded
        for item in version.questionnaire().items
        for language in version.questionnaire().languages
        if (record := version.questionnaire().catalogue) is not None
    )


def judgement(draft: QuestionnaireDraft, follows: Before) -> Judgement:
    """What is to be said about `draft`, by the parser and the quality gate."""
    base = follows.base.questionnaire() if follows.base is not None else None
    own = base if base is not None and base.code == draft.code else None
    return judge(
        _labelled(draft.content, follows.base),
        version=follows.number,
        before=own,
        licensed=licensed_wordings(),
    )


def save(*, draft_id: UUID, revision: int, content: Content, at: datetime) -> None:
    """Store `content` as the next revision after `revision`.

    Raises
    ------
    StaleDraft
        Somebody saved another one meanwhile; nothing was stored.
    DefinitionError
        It is longer than a questionnaire may be.
    """
    size = len(canonical_json(content))
    if size > LARGEST_DOCUMENT:
        params: dict[str, object] = {"size": size, "limit": LARGEST_DOCUMENT}
        raise DefinitionError("too_large", params=params)
    stored = QuestionnaireDraft.objects.filter(pk=draft_id, revision=revision).update(
        content=content, revision=revision + 1, changed_at=at
    )
    if not stored:
        raise StaleDraft


def discard(*, draft_id: UUID, revision: int) -> None:
    """Delete a draft; raises StaleDraft where it was changed meanwhile."""
    gone, _ = QuestionnaireDraft.objects.filter(pk=draft_id, revision=revision).delete()
    if not gone:
        raise StaleDraft


@transaction.atomic
def publish(
    *, draft: QuestionnaireDraft, revision: int, by: str, at: datetime
) -> QuestionnaireVersion:
    """Make the next version of the draft's code, and remove the draft.

    Parameters
    ----------
    by : str
        E-mail address of who publishes: whoever edits a loaded scale repeats the
        statement of the right to use it.

    Raises
    ------
    StaleDraft
        The draft was changed after the page that shows what is published.
    NotPublishable
        The parser or the quality gate stands in the way.
    DefinitionError
        It is longer than a questionnaire may be.
    """
    locked = (
        QuestionnaireDraft.objects.select_for_update()
        .filter(pk=draft.pk, revision=revision)
        .first()
    )
    if locked is None:
        raise StaleDraft
    follows = before(locked)
    asked = judgement(locked, follows).questionnaire
    if asked is None:
        raise NotPublishable
    version = _publish(locked.organization_id, asked, follows, by=by, at=at)
    locked.delete()
    return version


def _publish(
    organization_id: UUID,
    asked: Questionnaire,
    follows: Before,
    *,
    by: str,
    at: datetime,
) -> QuestionnaireVersion:
    source = definition.questionnaire_to_yaml(asked)
    # what cannot be read back must not be frozen
    read = definition.parse_questionnaire(source, source=str(asked.code))
    licensed = follows.base if asked.catalogue is not None else None
    return QuestionnaireVersion.objects.create(
        organization_id=organization_id,
        code=read.code,
        version=follows.number,
        kind=read.kind,
        evidence_level=read.evidence_level,
        source=source,
        digest=definition.digest(read),
        right_statement=licensed.right_statement if licensed is not None else "",
        right_stated_by=by if licensed is not None else "",
        published_at=at,
    )


def _labelled(content: Content, base: QuestionnaireVersion | None) -> Content:
    """Mark wording of a published scale as modified once it is not the base's."""
    if content["catalogue"] is None or base is None or content["modified"]:
        return content
    before = copied(base, content["code"])
    same = all(content[key] == before[key] for key in ("scales", "formats", "forms"))
    return content | {"modified": not same}
