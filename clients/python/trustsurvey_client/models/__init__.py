""" Contains all the data models used in inputs/outputs """

from .account_out import AccountOut
from .account_score_out import AccountScoreOut
from .accounts_out import AccountsOut
from .analysis_detail_out import AnalysisDetailOut
from .analysis_out import AnalysisOut
from .analysis_page_out import AnalysisPageOut
from .analysis_status_enum import AnalysisStatusEnum
from .asked_in_request import AskedInRequest
from .asked_people_in_request import AskedPeopleInRequest
from .bilingual import Bilingual
from .bilingual_request import BilingualRequest
from .blank_enum import BlankEnum
from .channel_enum import ChannelEnum
from .criterion_kind_enum import CriterionKindEnum
from .delivery_out import DeliveryOut
from .delivery_page_out import DeliveryPageOut
from .delivery_state_enum import DeliveryStateEnum
from .direction_enum import DirectionEnum
from .done_enum import DoneEnum
from .endpoint_state_enum import EndpointStateEnum
from .estimation_in_request import EstimationInRequest
from .estimator_enum import EstimatorEnum
from .export_in_request import ExportInRequest
from .export_kind_enum import ExportKindEnum
from .export_out import ExportOut
from .export_page_out import ExportPageOut
from .export_state_enum import ExportStateEnum
from .extend_in_request import ExtendInRequest
from .fault_out import FaultOut
from .format_enum import FormatEnum
from .invitation_out import InvitationOut
from .invitation_page_out import InvitationPageOut
from .invitation_state_enum import InvitationStateEnum
from .kinds_enum import KindsEnum
from .language_enum import LanguageEnum
from .list_analyses_status import ListAnalysesStatus
from .list_catalogue_construct import ListCatalogueConstruct
from .list_catalogue_licence import ListCatalogueLicence
from .list_catalogue_referent import ListCatalogueReferent
from .list_deliveries_state import ListDeliveriesState
from .list_invitations_channel import ListInvitationsChannel
from .list_invitations_state import ListInvitationsState
from .list_questionnaires_kind import ListQuestionnairesKind
from .list_releases_state import ListReleasesState
from .list_surveys_mode import ListSurveysMode
from .list_surveys_origin import ListSurveysOrigin
from .list_waves_state import ListWavesState
from .message_kind_enum import MessageKindEnum
from .mode_enum import ModeEnum
from .origin_enum import OriginEnum
from .outcome_in_request import OutcomeInRequest
from .outcome_out import OutcomeOut
from .outcome_page_out import OutcomePageOut
from .participant_out import ParticipantOut
from .participant_out_attributes import ParticipantOutAttributes
from .participant_page_out import ParticipantPageOut
from .patched_webhook_change_in_request import PatchedWebhookChangeInRequest
from .people_in_request import PeopleInRequest
from .people_out import PeopleOut
from .person_in_request import PersonInRequest
from .person_in_request_attributes import PersonInRequestAttributes
from .problem_out import ProblemOut
from .questionnaire_detail_out import QuestionnaireDetailOut
from .questionnaire_detail_out_definition import QuestionnaireDetailOutDefinition
from .questionnaire_kind_enum import QuestionnaireKindEnum
from .questionnaire_out import QuestionnaireOut
from .questionnaire_page_out import QuestionnairePageOut
from .receipt_out import ReceiptOut
from .record_list_out import RecordListOut
from .record_out import RecordOut
from .referent_enum import ReferentEnum
from .release_head_out import ReleaseHeadOut
from .release_head_page_out import ReleaseHeadPageOut
from .release_out import ReleaseOut
from .release_out_parts import ReleaseOutParts
from .release_out_settings import ReleaseOutSettings
from .release_out_software import ReleaseOutSoftware
from .release_state_enum import ReleaseStateEnum
from .reminder_out import ReminderOut
from .reminders_in_request import RemindersInRequest
from .reminders_out import RemindersOut
from .report_out import ReportOut
from .report_out_aggregation import ReportOutAggregation
from .report_out_cfa_type_0 import ReportOutCfaType0
from .report_out_design_type_0 import ReportOutDesignType0
from .report_out_dimensionality import ReportOutDimensionality
from .report_out_factors import ReportOutFactors
from .report_out_groups import ReportOutGroups
from .report_out_htmt import ReportOutHtmt
from .report_out_htmt_intervals import ReportOutHtmtIntervals
from .report_out_loyalty import ReportOutLoyalty
from .report_out_model_type_0 import ReportOutModelType0
from .report_out_models import ReportOutModels
from .report_out_outcomes import ReportOutOutcomes
from .report_out_scales import ReportOutScales
from .report_out_settings import ReportOutSettings
from .report_out_software import ReportOutSoftware
from .report_out_title import ReportOutTitle
from .report_out_weights import ReportOutWeights
from .response_in_request import ResponseInRequest
from .response_in_request_answers import ResponseInRequestAnswers
from .response_in_request_texts import ResponseInRequestTexts
from .response_out import ResponseOut
from .response_out_answers import ResponseOutAnswers
from .response_page_out import ResponsePageOut
from .row_out import RowOut
from .survey_detail_out import SurveyDetailOut
from .survey_detail_out_form import SurveyDetailOutForm
from .survey_in_request import SurveyInRequest
from .survey_out import SurveyOut
from .survey_page_out import SurveyPageOut
from .try_out import TryOut
from .value_in_request import ValueInRequest
from .values_in_request import ValuesInRequest
from .values_out import ValuesOut
from .wave_in_request import WaveInRequest
from .wave_out import WaveOut
from .wave_page_out import WavePageOut
from .wave_state_enum import WaveStateEnum
from .webhook_in_request import WebhookInRequest
from .webhook_made_out import WebhookMadeOut
from .webhook_out import WebhookOut
from .webhook_page_out import WebhookPageOut

__all__ = (
    "AccountOut",
    "AccountScoreOut",
    "AccountsOut",
    "AnalysisDetailOut",
    "AnalysisOut",
    "AnalysisPageOut",
    "AnalysisStatusEnum",
    "AskedInRequest",
    "AskedPeopleInRequest",
    "Bilingual",
    "BilingualRequest",
    "BlankEnum",
    "ChannelEnum",
    "CriterionKindEnum",
    "DeliveryOut",
    "DeliveryPageOut",
    "DeliveryStateEnum",
    "DirectionEnum",
    "DoneEnum",
    "EndpointStateEnum",
    "EstimationInRequest",
    "EstimatorEnum",
    "ExportInRequest",
    "ExportKindEnum",
    "ExportOut",
    "ExportPageOut",
    "ExportStateEnum",
    "ExtendInRequest",
    "FaultOut",
    "FormatEnum",
    "InvitationOut",
    "InvitationPageOut",
    "InvitationStateEnum",
    "KindsEnum",
    "LanguageEnum",
    "ListAnalysesStatus",
    "ListCatalogueConstruct",
    "ListCatalogueLicence",
    "ListCatalogueReferent",
    "ListDeliveriesState",
    "ListInvitationsChannel",
    "ListInvitationsState",
    "ListQuestionnairesKind",
    "ListReleasesState",
    "ListSurveysMode",
    "ListSurveysOrigin",
    "ListWavesState",
    "MessageKindEnum",
    "ModeEnum",
    "OriginEnum",
    "OutcomeInRequest",
    "OutcomeOut",
    "OutcomePageOut",
    "ParticipantOut",
    "ParticipantOutAttributes",
    "ParticipantPageOut",
    "PatchedWebhookChangeInRequest",
    "PeopleInRequest",
    "PeopleOut",
    "PersonInRequest",
    "PersonInRequestAttributes",
    "ProblemOut",
    "QuestionnaireDetailOut",
    "QuestionnaireDetailOutDefinition",
    "QuestionnaireKindEnum",
    "QuestionnaireOut",
    "QuestionnairePageOut",
    "ReceiptOut",
    "RecordListOut",
    "RecordOut",
    "ReferentEnum",
    "ReleaseHeadOut",
    "ReleaseHeadPageOut",
    "ReleaseOut",
    "ReleaseOutParts",
    "ReleaseOutSettings",
    "ReleaseOutSoftware",
    "ReleaseStateEnum",
    "ReminderOut",
    "RemindersInRequest",
    "RemindersOut",
    "ReportOut",
    "ReportOutAggregation",
    "ReportOutCfaType0",
    "ReportOutDesignType0",
    "ReportOutDimensionality",
    "ReportOutFactors",
    "ReportOutGroups",
    "ReportOutHtmt",
    "ReportOutHtmtIntervals",
    "ReportOutLoyalty",
    "ReportOutModels",
    "ReportOutModelType0",
    "ReportOutOutcomes",
    "ReportOutScales",
    "ReportOutSettings",
    "ReportOutSoftware",
    "ReportOutTitle",
    "ReportOutWeights",
    "ResponseInRequest",
    "ResponseInRequestAnswers",
    "ResponseInRequestTexts",
    "ResponseOut",
    "ResponseOutAnswers",
    "ResponsePageOut",
    "RowOut",
    "SurveyDetailOut",
    "SurveyDetailOutForm",
    "SurveyInRequest",
    "SurveyOut",
    "SurveyPageOut",
    "TryOut",
    "ValueInRequest",
    "ValuesInRequest",
    "ValuesOut",
    "WaveInRequest",
    "WaveOut",
    "WavePageOut",
    "WaveStateEnum",
    "WebhookInRequest",
    "WebhookMadeOut",
    "WebhookOut",
    "WebhookPageOut",
)
