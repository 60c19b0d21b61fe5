"""An attachment as a response, the same for pages and API. The caller has checked that the reader may have it."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from listings import services
from listings.models import Attachment


def download(row: Attachment) -> HttpResponse:
    """A file to save: never shown inline, and never treated as another type than the stored one."""
    response = HttpResponse(services.content_of(row), content_type=row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
