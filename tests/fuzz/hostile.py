"""Hostile values: ones that once broke something, or that test unexpected cases, as data.

`LONE` is half of a surrogate pair, which JSON can spell and no UTF-8 text can hold.
"""

import base64
import json
from typing import Any

LONE = "\ud800"
HUGE = "9" * 5_000

TEXTS = [
    "\x00", "a\x00b", "²", "٣", "৪", HUGE, "-1", "0", str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "1e400",
    "NaN", "Infinity", "-Infinity", "0x10", "1_000", " 1 ", "1.5", "", " ", "\ufeff", "\ufffe", "\u202eevil\u202c",
    "\u2066\u2069", "a" * 20_000, "漢" * 3_000, "%", "%00", "%s%n", "{}", "{0.__class__}", "\\", "'\"`;--", "<script>alert(1)</script>",
    "../../etc/passwd", "[]", "{\"a\":1}", "null", "None", "true", "|", "1|2", "a|b|c", ",", "1,2,x", "\r\nX-Bad: 1", "\n" * 500,
    "0000-00-00", "9999-12-31", "0001-01-01", "9999-12-31T23:59:59+99:99", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00",
    "2026-02-30T10:00", "10000-01-01", "2026-01-01T00:00:00.9999999999Z", "99:99", "P1D", "http://[x", "http://a]b/", "http://shop℀.example/",
    "https://" + "a" * 300 + ".example/", "javascript:alert(1)", "//evil.example/", "é" * 300 + "@x.example", "a@b", "@everyone", "Europe/../x",
    "\u0301" * 500, "🧨" * 1_000, "\x1b[31m", "\x7f", "\x85", "\u2028", "reminder 1e400", "reminder NaN", "reminder 99999999999",
]  # fmt: skip
"""For a parameter of an address or a field of a form."""

QUERIES = [
    "%00", "q=%00", "q=%ff%fe", "q=%ed%a0%80", "q=%", "q=%zz", "q=%u0000", "q[]=1&q[]=2", "q=1&q=2&q=%00", "&&&", "=", "=%00=", "a" * 9_000,
    "&".join(f"p{n}=1" for n in range(300)), "after=%00", "after=%ff", "before=%ED%A0%80", "after=%5B1%5D", "after=²", "page=-1", "page=9" + "9" * 5_000,
    "after[]=x", "after=&before=", "after=x&after=y", "page_size=-1", "page_size=%C2%B2", "cursor=%00", "cursor=%ff", "cursor=cD0lMDA%3D", "\xff\xfe",
    "flag=²", "flag=%D9%A3", "flag=" + HUGE, "observation=²", "observation=" + HUGE, "observation=" + str(2**63), "notice=1e400", "notice=NaN",
    "notice=" + HUGE, "sending=" + str(2**70), "platform=²", "platform=" + HUGE, "since=9999-12-31T23:59:59-23:59", "since=0001-01-01T00:00:00%2B23:59",
    "age=²", "days=²", "days=" + HUGE, "recall=" + HUGE, "recall=²", "all=yes&flags=²", "flags=" + HUGE, "flags=-1", "total=x", "cell=%00", "cell=__class__",
    "sort=-x", "sort=%00", "sort=__class__", "country=%00", "country=ZZ", "subdivision=%00", "language=%00", "next=%00", "next=//x", "messages=%00",
    "first=0000-00-00&last=9999-12-31", "at_0=0001-01-01&at_1=9999-12-31", "at_after=0001-01-01&at_before=9999-12-31", "kind=%00", "of=%00",
]  # fmt: skip
"""Whole query strings as they come on the line."""

ENCODED = ["q=%5Cud800", "q=\\ud800", "q=\\x00", "q=+2AA-", "q=+AAA-", "after=%2B2AA-"]
"""Query strings for a request that says it is in another encoding than UTF-8."""

IDS = [
    HUGE,
    str(2**63),
    str(2**63 - 1),
    str(2**31),
    "0",
    "-1",
    "²",
    "٣",
    "%00",
    "%ff",
    "%ED%A0%80",
    "1%00",
    "x",
    "%20",
    "a" * 5_000,
    "%F0%9F%A7%A8",
    "..%2f",
    "%5C",
]
"""For each part of an address that names a row."""

COOKIES = [
    "sessionid=\\", "sessionid=\\000", "sessionid=\"\\000\"", "sessionid=\"\\777\"", "sessionid=%00", "sessionid=\xff\xfe", "sessionid=" + "a" * 8_000,
    "sessionid=\"\\", "csrftoken=\\", "csrftoken=\"\\000\"", "csrftoken=" + "x" * 5_000, "csrftoken=\xff", "django_language=\\000", "django_language=" + "x" * 9_000,
    "django_language=\"\\000\"", "messages=\\", "messages=\"\\000\"", "messages=W10:1:x", "=;=;", ";;;", "a" * 20_000, "sessionid=²", "__proto__=1", "sessionid",
]  # fmt: skip

HEADERS = [
    ("HTTP_HOST", "²"), ("HTTP_HOST", "a\x00b"), ("HTTP_HOST", "[::1"), ("HTTP_HOST", "testserver:" + HUGE), ("HTTP_HOST", ""), ("HTTP_HOST", "\xff"),
    ("HTTP_ACCEPT", "a" * 9_000), ("HTTP_ACCEPT", ";q=NaN,*/*;q=²"), ("HTTP_ACCEPT", "\xff/\xff"), ("HTTP_ACCEPT", "application/json;q=" + HUGE),
    ("HTTP_ACCEPT", "/"), ("HTTP_ACCEPT", ",,,;;;=="), ("HTTP_ACCEPT_LANGUAGE", "\xff"), ("HTTP_ACCEPT_LANGUAGE", "de;q=NaN"), ("HTTP_ACCEPT_LANGUAGE", "a-" * 3_000),
    ("HTTP_ACCEPT_LANGUAGE", "zh_\x00"), ("HTTP_ACCEPT_LANGUAGE", "../../x"), ("HTTP_ACCEPT_LANGUAGE", "de" + "-x" * 600), ("HTTP_ACCEPT_ENCODING", "\xff;q=²"),
    ("CONTENT_LENGTH", "-5"), ("CONTENT_LENGTH", "²"), ("CONTENT_LENGTH", HUGE), ("CONTENT_LENGTH", "1e9"), ("CONTENT_TYPE", "multipart/form-data"),
    ("CONTENT_TYPE", "multipart/form-data; boundary=\xff"), ("CONTENT_TYPE", "multipart/form-data; boundary=" + "a" * 500), ("CONTENT_TYPE", "text/html; charset=unicode_escape"),
    ("CONTENT_TYPE", "application/x-www-form-urlencoded; charset=utf-7"),
    ("CONTENT_TYPE", "application/x-www-form-urlencoded; charset=zlib"), ("CONTENT_TYPE", "application/json; charset=zlib"), ("CONTENT_TYPE", ";;;"),
    ("CONTENT_TYPE", "application/x-www-form-urlencoded; charset=utf-16"), ("CONTENT_TYPE", "multipart/form-data; charset=nope; boundary=x"),
    ("CONTENT_TYPE", "application/json; charset=unicode_escape"), ("CONTENT_TYPE", "application/json; charset=utf-7"),
    ("HTTP_IF_NONE_MATCH", "²"), ("HTTP_IF_MATCH", "\""), ("HTTP_IF_MODIFIED_SINCE", "99 99 9999"), ("HTTP_IF_MODIFIED_SINCE", "Mon, 99 Foo 99999 99:99:99 GMT"),
    ("HTTP_RANGE", "bytes=9-1,-" + HUGE), ("HTTP_REFERER", "http://[x"), ("HTTP_ORIGIN", "http://[x"), ("HTTP_ORIGIN", "\x00"), ("HTTP_HX_CURRENT_URL", "http://[x"),
    ("HTTP_HX_REQUEST", "true\x00"), ("HTTP_HX_TRIGGER", "%ff"), ("HTTP_HX_TRIGGER_URI_AUTOENCODED", "true"), ("HTTP_HX_CURRENT_URL", "%ff%00"),
    ("HTTP_HX_CURRENT_URL_URI_AUTOENCODED", "true"), ("HTTP_HX_TARGET", "\x00"), ("HTTP_HX_PROMPT", "\xff"), ("HTTP_TRIGGERING_EVENT", "{"), ("HTTP_TRIGGERING_EVENT", "[" * 5_000),
    ("HTTP_X_SWIFT", "\x00"), ("HTTP_X_FORWARDED_FOR", "²"), ("HTTP_X_FORWARDED_FOR", "\x00"), ("HTTP_X_FORWARDED_PROTO", "\xff"), ("HTTP_X_CSRFTOKEN", "\x00\xff"),
    ("HTTP_AUTHORIZATION", "Bearer \x00"), ("HTTP_AUTHORIZATION", "Bearer \xff"), ("HTTP_AUTHORIZATION", "Bearer " + "a" * 9_000), ("HTTP_AUTHORIZATION", "Basic \xff"),
    ("HTTP_USER_AGENT", "\x00"), ("HTTP_USER_AGENT", "\xff" * 3_000), ("HTTP_USER_AGENT", "("), ("HTTP_SEC_FETCH_SITE", "\x00"), ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"),
]  # fmt: skip

VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, float("nan"), float("inf"), 10**40, 2**63, -(2**63) - 1, "", " ", "\x00", "a\x00b", LONE, "ok" + LONE, "²", HUGE, "NaN", "-1",
    [], [[]], [None], {}, {"a": {"b": {}}}, [1, "x", None], "a" * 30_000, "漢" * 5_000, "\u202e", "0000-00-00", "9999-12-31T23:59:59+99:99",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "http://[x", "http://a]b/", "javascript:1", "a@b", ["\x00"], [LONE], {"\x00": 1}, {LONE: LONE},
    ["a"] * 2_000, [{"id": LONE}],
]  # fmt: skip
"""For a field of a JSON body."""

BODIES = [
    b"", b"\x00", b"{", b"null", b"[]", b"1", b"\"x\"", b"NaN", b"{\"a\":NaN}", b"{\"a\":Infinity}", b"[" * 100_000, b"{\"a\":" * 20_000, b"\xff\xfe", b"\xef\xbb\xbf{}",
    b"{\"a\":\"\\ud800\"}", b"{\"a\":\"\\u0000\"}", b"{\"\\ud800\":1}", b"{\"a\":1,\"a\":2}", b"{\"a\":" + HUGE.encode() + b"}", b"{\"flag\":" + HUGE.encode() + b"}",
    b"{\"a\":1e99999}", b"{\"listings\":[" + b"1," * 50_000 + b"1]}", b"{\"listings\":{}}", b"{\"listings\":[[]]}", b"{} {}", b"{\"a\":\"" + b"x" * 200_000 + b"\"}",
    "{\"a\":\"ü\"}".encode("utf-16"),
]  # fmt: skip
"""Whole bodies for what takes JSON."""

FILE_NAMES = [
    "\x00.csv",
    "../../x.csv",
    "a" * 400 + ".csv",
    "\u202evsc.exe",
    "con",
    "",
    ".",
    "x\r\ny: z.csv",
    "\\\\host\\x",
    "x\ufffe.csv",
    "%00.csv",
    "é" * 250 + ".jsonl.gz",
]
FILES = [
    b"",
    b"\x00" * 50,
    b"\xff\xfe\x00",
    b'id,title\n"open',
    b"\x1f\x8b" + b"\x00" * 30,
    b"[" * 5_000,
    b'{"id":' + HUGE.encode() + b"}",
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    b"%PDF-%%EOF",
]


def cursor(values: object) -> str:
    """A cursor as one would forge it, in the form that ours once had."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


_IN_CURSORS: list[Any] = [
    "x", "\x00", LONE, None, True, 1, 1.5, -1, 2**63, 10**400, float("nan"), float("inf"), [], {}, [[1]], {"t": "x"}, {"t": 5}, {"t": None}, {"t": "0000-00-00"},
    {"t": "9999-12-31T23:59:59-23:59"}, {"t": "2026-01-01"}, {"t": "2026-01-01T00:00:00"}, {"t": "2026-01-01T00:00:00+23:59"}, {"t": "99999-01-01"}, "a" * 5_000,
]  # fmt: skip
CURSORS = [
    "", "x", "=", "====", "AA", "%", "é", "²", "\x00", "a" * 20_001, "bnVsbA", "MQ", "W10", "e30", "//8", "_-_-", "W1tb", "eyJ0Ijoi",
    base64.urlsafe_b64encode(b"[" * 40_000).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(), base64.urlsafe_b64encode(b"[" + b"9" * 5_000 + b"]").decode(),
    *(cursor([value] * length) for value in _IN_CURSORS for length in (1, 2, 3)),
]  # fmt: skip
