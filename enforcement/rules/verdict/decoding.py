"""Bytes of a page as text, in the order of the HTML standard: byte order mark, header, meta tag, UTF-8; then what fits.

The bytes are hashed and kept as evidence; this text is only for the rules.
"""

import codecs
import re
import zlib
from dataclasses import dataclass

MAX_TEXT_BYTES = 2_000_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_WIDE = dict.fromkeys(("utf-16", "utf-16le", "unicode", "ucs-2"), "utf-16-le") | {"utf-16be": "utf-16-be"}
# Browsers treat these labels as the larger encodings that pages really use (WHATWG Encoding Standard).
_LARGER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874", "x-euc-jp": "euc_jp", "unicode": "utf-16-le", "utf8": "utf-8",
}  # fmt: skip
# The encodings that browsers know, by Python's names. In any other a page could say one thing to us, and another to visitors.
_KNOWN = frozenset((
    "utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "cp866", "cp874",
    "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", *(f"cp125{number}" for number in range(9)),
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
))  # fmt: skip
_AS_LARGER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
              "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip
# One byte of their texts can take the next one with it, which in another encoding is markup.
_MANY_BYTES = frozenset({"utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"})
_ESCAPE = 0x1B  # changes what the bytes behind it mean, in ISO-2022-JP, which browsers may also detect by it
_PARAMETER = re.compile(r";\s*([^=;\s]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)")
_NARROW = re.compile(rb"[^\x00]{12}")  # a run of bytes that is no markup in UTF-16
_GUESSES = ("gb18030", "cp932", "cp949", "big5hkscs")


@dataclass(frozen=True, slots=True)
class _Decoded:
    """`used`: the encoding of `text`; `asked`: the one that a browser takes, "" where nothing declares one."""

    text: str
    used: str
    asked: str


def as_text(body: bytes, content_type: str = "") -> str:
    """`body` as text; never raises. A body that is still gzip or zlib is unpacked, at most MAX_TEXT_BYTES of it."""
    return _decoded(_unpacked(body), content_type).text


def other_text(body: bytes, content_type: str = "") -> str:
    """Why browsers may read another text from `body` than `as_text` does; "" where there is only one way to read it."""
    unpacked = _unpacked(body)
    if unpacked is not body:
        return "it is packed without saying so, and no browser unpacks it."
    if _ESCAPE in unpacked:
        return "it changes the meaning of its bytes in the middle."
    decoded = _decoded(unpacked, content_type)
    if decoded.used != decoded.asked and {decoded.used, decoded.asked} & _MANY_BYTES:
        return "its bytes do not fit the encoding that it declares."
    return ""


def _decoded(body: bytes, content_type: str) -> _Decoded:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _Decoded(body[len(mark) :].decode(encoding, errors="replace"), encoding, encoding)
    declared = _header_charset(content_type)
    if wide := _WIDE.get(declared.strip().lower()):
        return _Decoded(body.decode(wide, errors="replace"), wide, wide)
    head = body[:4_096]
    named = [declared]
    named += [found[1].decode("ascii", errors="ignore") for found in (_XML.search(head), _META.search(head)) if found]
    encodings = [encoding for name in named if (encoding := _codec(name))]
    asked = encodings[0] if encodings else ""
    if wide := _wide(body):  # no browser looks for it
        return _Decoded(body.decode(wide, errors="replace"), wide, asked)
    # A page may declare another encoding than it has; one whose bytes below 128 are not ASCII is then not tried.
    tried = [*encodings[:1], *(each for each in encodings[1:] if each != "iso2022_jp"), "utf-8"]
    # No encoding is declared and it is not UTF-8. East Asian pages decode completely in their own; others are Western.
    if not encodings and sum(byte >= 0x81 for byte in head) > len(head) / 4:
        tried += _GUESSES
    for encoding in tried:
        if (text := _strictly(body, encoding)) is not None:
            return _Decoded(text, encoding, asked)
    return _Decoded(body.decode(asked or "cp1252", errors="replace"), asked or "cp1252", asked)


def _unpacked(body: bytes) -> bytes:
    """Content that a server compressed without declaring it."""
    if not body.startswith((b"\x1f\x8b", b"\x78\x9c", b"\x78\xda", b"\x78\x01")):
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, MAX_TEXT_BYTES)
    except zlib.error:
        return body


def _wide(body: bytes) -> str:
    """UTF-16 without a byte order mark: all through the page, every other byte of its markup is zero. A page that is so
    only in part is not UTF-16 to a browser."""
    if len(body) < 8 or b"\x00" not in body[:64]:
        return ""
    whole = body[:MAX_TEXT_BYTES]
    even, odd = whole[0::2].count(0), whole[1::2].count(0)
    encoding = "utf-16-le" if odd > even and odd >= 8 else "utf-16-be" if even > odd and even >= 8 else ""
    return "" if _NARROW.search(whole) else encoding


def _header_charset(content_type: str) -> str:
    """The first parameter of that name, as browsers read it: not what stands inside another one's quotes."""
    for name, value in _PARAMETER.findall(content_type):
        if name.lower() == "charset":
            found = re.fullmatch(r"[\"'\s]*([\w.:-]{2,40})[\"'\s]*", value)
            return found[1] if found else ""
    return ""


def _codec(name: str) -> str:
    """Python's name of a text encoding; "" for an unknown one. A page that reads as ASCII bytes is not UTF-16."""
    label = name.strip().lower()
    if label.replace("_", "-").startswith(("utf-16", "utf-32", "utf16")):
        return "utf-8"
    try:
        found = codecs.lookup(_LARGER.get(label, label))
    except (LookupError, ValueError):
        return ""
    name = _AS_LARGER.get(found.name, found.name)
    return name if name in _KNOWN else ""


def _strictly(body: bytes, encoding: str) -> str | None:
    """The text if all of it, except a cut-off last character, fits the encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body, final=False)
    except (UnicodeDecodeError, LookupError):
        return None
