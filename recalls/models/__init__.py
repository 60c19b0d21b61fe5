"""Recalls with their versions and products, notices to platforms, and imports of recall files."""

from recalls.models.imports import RecallImport, RecallReject
from recalls.models.notices import Notice, Sending
from recalls.models.recalls import Picture, Product, Recall, RecallVersion

__all__ = ["Notice", "Picture", "Product", "Recall", "RecallImport", "RecallReject", "RecallVersion", "Sending"]
