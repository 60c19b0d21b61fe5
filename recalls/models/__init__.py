"""Recalls with their versions and products, notices to platforms, imports of recall files, and feeds."""

from recalls.models.feeds import RecallFeed
from recalls.models.imports import RecallImport, RecallImportRow, RecallReject
from recalls.models.notices import Notice, Sending
from recalls.models.recalls import Picture, Product, Recall, RecallVersion

__all__ = [
    "Notice",
    "Picture",
    "Product",
    "Recall",
    "RecallFeed",
    "RecallImport",
    "RecallImportRow",
    "RecallReject",
    "RecallVersion",
    "Sending",
]
