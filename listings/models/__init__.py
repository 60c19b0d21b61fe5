"""Listings and their history, catalogue imports, flags and decisions."""

from listings.models.flags import Decision, Flag
from listings.models.imports import CatalogueImport, CatalogueReject
from listings.models.listings import Listing, ListingChange

__all__ = ["CatalogueImport", "CatalogueReject", "Decision", "Flag", "Listing", "ListingChange"]
