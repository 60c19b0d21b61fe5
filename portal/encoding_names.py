"""Which encodings that a file declares may be used to read it. Pure."""

_PROBE = rb'xn--4ca.a <?xml version="1.0"?><a b="&amp;+AGE-">\x41\u0041</a>'


def is_ascii_based(name: str) -> bool:
    """Whether the encoding is a character set that reads markup as it was written in ASCII.

    An encoding is declared in ASCII, so one in which ASCII means something else (UTF-16, UTF-7, escapes, punycode) is
    declared wrongly, and could hide markup. Unknown names, and codecs that are not character sets, are False too.
    """
    try:
        return _PROBE.decode(name).replace("\u00a5", "\\") == _PROBE.decode("ascii")  # Japanese sets have ¥ for \
    except (LookupError, ValueError):
        return False
