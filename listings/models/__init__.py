"""Listings and their history, catalogue imports, flags and decisions."""

from listings.models.dry_runs import DryRun, DryRunResult
from listings.models.flags import Decision, Flag
from listings.models.imports import CatalogueImport, CatalogueReject
from listings.models.innocents import KnownInnocent
from listings.models.listings import Listing, ListingChange
from listings.models.readings import ReadingCorrection
from listings.models.rules import RuleSwitch
from listings.models.views import SavedView

__all__ = [
    "CatalogueImport",
    "CatalogueReject",
    "Decision",
    "DryRun",
    "DryRunResult",
    "Flag",
    "KnownInnocent",
    "Listing",
    "ListingChange",
    "ReadingCorrection",
    "RuleSwitch",
    "SavedView",
]
