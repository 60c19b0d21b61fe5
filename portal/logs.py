"""What our processes log, one event a line: as text, or as JSON for programs. Neither holds a secret or a mail address.

Of a text, the lines that follow are indented: they belong to the event above, whatever a stranger's text claims.

What libraries and database say in errors may quote what people typed. So every line goes through `redacted`, whoever wrote it.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from portal import correlation

# Line ends, what steers a terminal, and what is not seen or turns the order of writing around.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
MAX_LENGTH = 20_000  # characters; of an error with what strangers sent
_SENSITIVE = r"authorization|cookie|set-cookie|password|passwd|secret|token|sessionid|csrf\w*|api[_-]?key|signature"
_REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # What PostgreSQL adds to an error: the row, its keys, the values of parameters.
    (re.compile(r"^(DETAIL|CONTEXT):.*?(?=\n\n(?:The above|During handling)|\Z)", re.MULTILINE | re.DOTALL), r"\1: <left out>"),
    (re.compile(r"://[^/\s@]*@"), "://<secret>@"),
    (re.compile(r"\b(Bearer|Basic)\s+[^\s'\",]+", re.IGNORECASE), r"\1 <secret>"),
    (re.compile(r"\bofs_[\w-]+"), "<key>"),
    (
        re.compile(rf"((?:{_SENSITIVE})[\w-]{{0,40}})(['\"]?\s*[:=]\s*)(?!<|Bearer|Basic)('[^']*'|\"[^\"]*\"|[^\s,;&)}}]+)", re.IGNORECASE),
        r"\1\2<secret>",
    ),
    (re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"), "<address>"),
)  # fmt: skip


def redacted(text: str) -> str:
    """`text` without passwords, tokens, keys, cookies, mail addresses, and rows of the database that an error quotes; no
    longer than MAX_LENGTH."""
    text = text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"
    for pattern, instead in _REDACTIONS:
        text = pattern.sub(instead, text)
    return text


def in_sight(text: str) -> str:
    """`text` on one line, with what is not seen written out, as in JSON."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class LineFormatter(logging.Formatter):
    """A line for people; with the correlation id where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        trace = correlation.current()
        first, *rest = redacted(super().format(_without_refusal(record))).split("\n")
        lines = [in_sight(first), *(f"  {in_sight(line)}" for line in rest)]
        return "\n".join(lines) + (f" [{trace.id}]" if trace.id else "")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  of the base class
        record.message = in_sight(redacted(record.message))
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """An object a line: `at` (UTC), `level`, `logger`, `message`, `correlation`, `task`, `task_id`, `error`, and what the
    event adds itself (`extra={"fields": {…}}`)."""

    def format(self, record: logging.LogRecord) -> str:
        record, trace = _without_refusal(record), correlation.current()
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": redacted(record.getMessage()),
            "correlation": trace.id,
            "task": trace.task,
            "task_id": trace.task_id,
            "error": redacted(self.formatException(record.exc_info)) if record.exc_info else "",
            **getattr(record, "fields", {}),
        }
        written = {name: value for name, value in told.items() if value != ""}
        return in_sight(json.dumps(written, ensure_ascii=False, default=str))


def _without_refusal(record: logging.LogRecord) -> logging.LogRecord:
    """A refusal names the person who was refused; its trace tells nothing that its first line does not."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
    return record
