"""Files that strangers sent, on their way out. The caller has checked that the reader may have them."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_download(data: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to save: never shown inline, and never treated as another type than the stored one."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
