"""Listings and their history, catalogue imports, flags, decisions and messages."""

from listings.models.dry_runs import DryRun, DryRunResult
from listings.models.exclusions import Exclusion
from listings.models.flags import Decision, Flag
from listings.models.imports import CatalogueImport, CatalogueReject, FeedRule
from listings.models.listings import Listing, ListingChange
from listings.models.messages import Attachment, Message, MessagesRead
from listings.models.readings import ReadingCorrection
from listings.models.rule_switches import RuleSwitch
from listings.models.saved_views import SavedView

__all__ = [
    "Attachment",
    "CatalogueImport",
    "CatalogueReject",
    "Decision",
    "DryRun",
    "DryRunResult",
    "Exclusion",
    "FeedRule",
    "Flag",
    "Listing",
    "ListingChange",
    "Message",
    "MessagesRead",
    "ReadingCorrection",
    "RuleSwitch",
    "SavedView",
]
