"""The files of a request that may bring some."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from listings.models import Attachment


@extend_schema_field(
    {"type": "array", "maxItems": Attachment.MAX_COUNT, "items": {"type": "string", "format": "binary"}}
)
class AttachedFiles(serializers.ListField):
    """Parts of a multipart/form-data request of the same name. JSON has no files."""

    def __init__(self, **options: Any) -> None:
        about = (
            f"Up to {Attachment.MAX_COUNT} files, only in multipart/form-data: PNG, JPEG, WebP, PDF or plain text, "
            "5 MB each, each in a part of this name."
        )
        super().__init__(
            child=serializers.FileField(), **{"required": False, "default": list, "help_text": about, **options}
        )
