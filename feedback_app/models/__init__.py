"""The tables. Importing this package registers all of them."""

from feedback_app.models.answer import Answer, AnswerRating, AnswerVersion
from feedback_app.models.barometer import (
    Barometer,
    Baseline,
    Edition,
    EditionIndicator,
    EditionReform,
    EditionWithdrawal,
    FigureRevision,
    Indicator,
    Observation,
    Reform,
    Target,
)
from feedback_app.models.case import CaseContribution, CasePause, CaseText, CitizenRequest, ReferenceCounter, TransferOffer
from feedback_app.models.civil_society import Assessment, Assessor, Organisation
from feedback_app.models.contribution import Contribution, TextVersion
from feedback_app.models.edition_upload import EditionUpload, EditionUploadPiece
from feedback_app.models.identity import Account, AccountRole, AccountSession, Identity, Membership, MembershipScope, Signature, SignInLink
from feedback_app.models.kept import KeptForm, RateCount
from feedback_app.models.mail import MailStatus, OutgoingMail
from feedback_app.models.meeting import Meeting, MeetingFile, MeetingLink, MeetingVersion
from feedback_app.models.moderation import ModerationDecision
from feedback_app.models.organisation import Ministry, MinistryName
from feedback_app.models.plan import Commitment, CommitmentSection, Milestone, Plan, PlanRevision
from feedback_app.models.plan_upload import PlanUpload
from feedback_app.models.privacy import JobRun, PersonalExport, PlannedErasure
from feedback_app.models.progress import (
    CommitmentChange,
    CommitmentIndicator,
    CommitmentRevision,
    ProgressBlock,
    ProgressRemark,
    ProgressStep,
    ProgressUpdate,
    ProgressVersion,
)
from feedback_app.models.reply import OfficialReply, OfficialReplyNote, OfficialReplyVersion
from feedback_app.models.same_question import MeToo, Sufficed
from feedback_app.models.search import SearchText
from feedback_app.models.second_factor import RecoveryCode, SecondFactor
from feedback_app.models.site import Heartbeat, PublicVersion, SiteState
from feedback_app.models.statistics import ResponseFigures
from feedback_app.models.topic import Topic, TopicKind
from feedback_app.models.trace import AccessLog, CaseEvent

__all__ = [
    "AccessLog",
    "Account",
    "AccountRole",
    "AccountSession",
    "Answer",
    "AnswerRating",
    "AnswerVersion",
    "Assessment",
    "Assessor",
    "Barometer",
    "Baseline",
    "CaseContribution",
    "CaseEvent",
    "CasePause",
    "CaseText",
    "CitizenRequest",
    "Commitment",
    "CommitmentChange",
    "CommitmentIndicator",
    "CommitmentRevision",
    "CommitmentSection",
    "Contribution",
    "Edition",
    "EditionIndicator",
    "EditionReform",
    "EditionUpload",
    "EditionUploadPiece",
    "EditionWithdrawal",
    "FigureRevision",
    "Heartbeat",
    "Identity",
    "Indicator",
    "JobRun",
    "KeptForm",
    "MailStatus",
    "MeToo",
    "Meeting",
    "MeetingFile",
    "MeetingLink",
    "MeetingVersion",
    "Membership",
    "MembershipScope",
    "Milestone",
    "Ministry",
    "MinistryName",
    "ModerationDecision",
    "Observation",
    "OfficialReply",
    "OfficialReplyNote",
    "OfficialReplyVersion",
    "Organisation",
    "OutgoingMail",
    "PersonalExport",
    "Plan",
    "PlanRevision",
    "PlanUpload",
    "PlannedErasure",
    "ProgressBlock",
    "ProgressRemark",
    "ProgressStep",
    "ProgressUpdate",
    "ProgressVersion",
    "PublicVersion",
    "RateCount",
    "RecoveryCode",
    "ReferenceCounter",
    "Reform",
    "ResponseFigures",
    "SearchText",
    "SecondFactor",
    "SignInLink",
    "Signature",
    "SiteState",
    "Sufficed",
    "Target",
    "TextVersion",
    "Topic",
    "TopicKind",
    "TransferOffer",
]
