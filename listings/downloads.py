"""An attachment as a response, the same for pages and API. The caller has checked that the reader may have it."""

from django.http import HttpResponse

from listings import services
from listings.models import Attachment
from portal.http.downloads import as_download


def download(row: Attachment) -> HttpResponse:
    return as_download(services.content_of(row), name=row.name, content_type=row.content_type)
