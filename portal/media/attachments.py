"""Files from strangers that are kept as evidence: what they are is read from their content, never from what they claim.

Knows nothing of Django or a disk. Pictures are redrawn; a PDF and a text stay as they came, and are only ever handed
out as downloads.
"""

import hashlib
import re
import unicodedata
from typing import NamedTuple

from portal.media.imaging import NoPicture, TooLarge, redrawn
from portal.media.limits import MAX_BYTES, UPLOADED

TEXT = "text/plain; charset=utf-8"
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    TEXT: (".txt",),
}
MAX_NAME_LENGTH = 120
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
_PDF_ENDS_WITHIN = 1024  # bytes: what readers look through for the mark of the end


class NotKept(Exception):
    """The file is not one that is kept; `too_large` says whether that is because of its size."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__("too large" if too_large else "no PNG, JPEG, WebP, PDF or plain text")
        self.too_large = too_large


class Kept(NamedTuple):
    """A file as it is kept: a harmless name, the type that its content shows, and the digest of what was sent."""

    name: str
    content_type: str
    data: bytes
    sent_sha256: str


def checked(name: str, data: bytes) -> Kept:
    """The file as it is kept. Raises NotKept for whatever is too large or of no accepted type."""
    if len(data) > MAX_BYTES:
        raise NotKept(too_large=True)
    sent = hashlib.sha256(data).hexdigest()
    if data.startswith(_PICTURES):
        try:
            form, drawn = redrawn(data, forms=tuple(UPLOADED))
        except TooLarge:
            raise NotKept(too_large=True) from None
        except NoPicture:
            raise NotKept from None
        kind, data = UPLOADED[form], drawn
    elif data.startswith(b"%PDF-") and b"%%EOF" in data[-_PDF_ENDS_WITHIN:]:
        kind = "application/pdf"
    elif _is_text(data):
        kind = TEXT
    else:
        raise NotKept
    return Kept(harmless_name(name, kind), kind, data, sent)


def harmless_name(name: str, content_type: str) -> str:
    """The last part of the name without what steers a terminal or a reading direction, and with an ending of its type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(" " if letter.isspace() else letter for letter in last)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = " ".join(re.sub(r'[<>:"|?*]', "_", plain).split()).lstrip(". ")
    endings = ENDINGS[content_type]
    stem, ending = plain, endings[0]
    for known in endings:
        if plain.lower().endswith(known):
            stem, ending = plain[: -len(known)], plain[-len(known) :]
    return f"{stem.strip('. ')[: MAX_NAME_LENGTH - len(ending)] or 'file'}{ending}"


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(
        letter in "\t\n\r\f" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn"} for letter in text
    )
