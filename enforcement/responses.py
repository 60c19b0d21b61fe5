"""Downloads of the API."""

from django.http import HttpResponseBase, StreamingHttpResponse

from enforcement import services


def pack_response(pack: services.Pack) -> HttpResponseBase:
    """The pack's ZIP, sent while it is written."""
    response = StreamingHttpResponse(services.stream_pack(pack), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{pack.filename}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
