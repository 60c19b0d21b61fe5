"""A small picture of ours as an answer. The caller has decided that the reader may see it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from portal.media.imaging import CONTENT_TYPE
from portal.media.thumbnails import kept


def picture_response(request: HttpRequest, address: str) -> HttpResponseBase:
    """The picture that we keep of a stranger's address, or 404. No one is asked for it now.

    The type is ours, never the sender's. Browsers keep it: pages link it with the digest of its bytes.
    """
    picture = kept(address)
    if picture is None:
        raise Http404
    etag = f'"{picture.etag}"'
    response = HttpResponse(bytes(picture.data), content_type=CONTENT_TYPE)
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
