"""Recalls with their versions and products, notices to platforms, imports of recall files, and feeds."""

from recalls.models.assessments import RiskAssessment
from recalls.models.documents import RecallFile
from recalls.models.feeds import RecallFeed
from recalls.models.imports import RecallImport, RecallImportRow, RecallReject
from recalls.models.incidents import IncidentLead, IncidentMember, IncidentSearch, SharedIncident
from recalls.models.notices import Notice, Sending
from recalls.models.recalls import Picture, Product, Recall, RecallVersion

__all__ = [
    "IncidentLead",
    "IncidentMember",
    "IncidentSearch",
    "Notice",
    "Picture",
    "Product",
    "Recall",
    "RecallFeed",
    "RecallFile",
    "RecallImport",
    "RecallImportRow",
    "RecallReject",
    "RecallVersion",
    "RiskAssessment",
    "Sending",
    "SharedIncident",
]
