"""What is asked, who works here, what is in the field, what was answered."""

from surveys.models.answers import Comment, Response
from surveys.models.authoring import QuestionnaireDraft
from surveys.models.brought import AnswerFile, AnswerFilePart, BroughtWave
from surveys.models.criteria import (
    Criterion,
    CriterionFile,
    CriterionValue,
    CriterionWindow,
)
from surveys.models.evidence import ContentReview, EvidenceLine, ExpertRating
from surveys.models.fieldwork import Form, Survey, Wave
from surveys.models.instrument import QuestionnaireVersion
from surveys.models.invitations import (
    Invitation,
    MailText,
    Message,
    Reminder,
    Sender,
)
from surveys.models.managers import CellUnit, ManagedUnit, RoleSections
from surveys.models.participants import Attribute, Participant, Unit
from surveys.models.participation import Participation
from surveys.models.people import Membership, Organization, User
from surveys.models.people_lists import PeopleList, PeopleListPart, PeopleRow
from surveys.models.promise import Cell, Promise
from surveys.models.schedule import Due, Event, Schedule
from surveys.models.tokens import ApiToken, KeptReply
from surveys.models.webhooks import (
    EventKind,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

__all__ = [
    "AnswerFile",
    "AnswerFilePart",
    "ApiToken",
    "Attribute",
    "BroughtWave",
    "Cell",
    "CellUnit",
    "Comment",
    "ContentReview",
    "Criterion",
    "CriterionFile",
    "CriterionValue",
    "CriterionWindow",
    "Due",
    "Event",
    "EventKind",
    "EvidenceLine",
    "ExpertRating",
    "Form",
    "Invitation",
    "KeptReply",
    "MailText",
    "ManagedUnit",
    "Membership",
    "Message",
    "Organization",
    "Participant",
    "Participation",
    "PeopleList",
    "PeopleListPart",
    "PeopleRow",
    "Promise",
    "QuestionnaireDraft",
    "QuestionnaireVersion",
    "Reminder",
    "Response",
    "RoleSections",
    "Schedule",
    "Sender",
    "Survey",
    "Unit",
    "User",
    "Wave",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
