"""Listings and their history, catalogue imports, flags, decisions and messages."""

from listings.models.coverage import CoverageCheck
from listings.models.dry_runs import DryRun, DryRunResult
from listings.models.exclusions import Exclusion
from listings.models.flags import Decision, Flag
from listings.models.held_matches import FlagLimit, HeldMatch
from listings.models.imports import CatalogueImport, CatalogueReject, FeedRule
from listings.models.listings import Listing, ListingChange
from listings.models.messages import Attachment, Message, MessagesRead
from listings.models.readings import ReadingCorrection
from listings.models.removal_traces import RemovalTrace
from listings.models.rule_switches import RuleSwitch
from listings.models.scheduled_feeds import ScheduledFeed
from listings.models.seller_links import SellerAnswer, SellerLink
from listings.models.shared_codes import CodeCheck, SharedCode
from listings.models.uploads import CatalogueUpload, UploadPart

__all__ = [
    "Attachment",
    "CatalogueImport",
    "CatalogueReject",
    "CatalogueUpload",
    "CodeCheck",
    "CoverageCheck",
    "Decision",
    "DryRun",
    "DryRunResult",
    "Exclusion",
    "FeedRule",
    "Flag",
    "FlagLimit",
    "HeldMatch",
    "Listing",
    "ListingChange",
    "Message",
    "MessagesRead",
    "ReadingCorrection",
    "RemovalTrace",
    "RuleSwitch",
    "ScheduledFeed",
    "SellerAnswer",
    "SellerLink",
    "SharedCode",
    "UploadPart",
]
