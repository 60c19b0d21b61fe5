"""One upload in parts by its headers, as tus 1.0.0 has it: the same for the page (session) and for the API (key)."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_noop

from listings import services, tus
from listings.models import CatalogueUpload
from listings.services.upload_parts import Readable
from portal.identity.actors import Actor
from portal.models import Organisation

Headers = Mapping[str, str]
OVERRIDE = "X-HTTP-Method-Override"
METHODS = frozenset({"HEAD", "PATCH", "DELETE"})


def method_of(method: str | None, headers: Headers) -> str:
    """The method that is meant. Only POST, which is protected as a change, can stand for another one."""
    given = headers.get(OVERRIDE, "").upper()
    return given if method == "POST" and given in METHODS else str(method)


def capabilities() -> dict[str, str]:
    return tus.capabilities(settings.MAX_UPLOAD_BYTES)


def require_version(headers: Headers) -> None:
    """Raises UploadRefused (unsupported_version), for which nothing may be done."""
    if not tus.version_fits(headers):
        raise services.UploadRefused(
            "unsupported_version", gettext_noop("Send the header Tus-Resumable: 1.0.0 with each request.")
        )


def begun(headers: Headers, *, platform: Organisation, actor: Actor) -> CatalogueUpload:
    """The extension "creation". Raises UploadRefused."""
    require_version(headers)
    try:
        size, filename = tus.length_of(headers), tus.metadata_of(headers).get("filename", "")
    except tus.BadHeader as bad:
        raise services.UploadRefused("bad_header", str(bad)) from None
    return services.begin_upload(platform=platform, filename=filename, size=size, actor=actor)


def state(upload: CatalogueUpload) -> dict[str, str]:
    return tus.state(received=upload.received, size=upload.size, expires_at=upload.expires_at)


def asked(headers: Headers, upload: CatalogueUpload) -> dict[str, str]:
    """What HEAD answers. Raises UploadRefused."""
    require_version(headers)
    if upload.is_over and upload.job_id is None:
        raise services.UploadRefused(
            "upload_gone", gettext_noop("The upload was not continued in time. Begin a new one.")
        )
    return state(upload)


def appended(headers: Headers, stream: Readable, upload: CatalogueUpload, actor: Actor) -> dict[str, str]:
    """What PATCH does, and answers. Raises UploadRefused."""
    require_version(headers)
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() not in tus.PART_TYPES:
        raise services.UploadRefused(
            "unsupported_media_type", gettext_noop("Send a part with Content-Type: application/offset+octet-stream.")
        )
    try:
        start, length = tus.number(headers, "Upload-Offset"), length_of(headers)
        checksum = tus.checksum_of(headers)
    except tus.BadHeader as bad:
        raise services.UploadRefused("bad_header", str(bad)) from None
    return state(
        services.append_part(upload=upload, start=start, length=length, stream=stream, checksum=checksum, actor=actor)
    )


def length_of(headers: Headers) -> int:
    """Bytes of the body; none where it is not said, as no more is read then."""
    given = headers.get("Content-Length", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0


def deleted(headers: Headers, upload: CatalogueUpload, actor: Actor) -> None:
    """The extension "termination". Raises UploadRefused."""
    require_version(headers)
    services.delete_upload(upload=upload, actor=actor)
