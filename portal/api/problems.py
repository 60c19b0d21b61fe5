"""Errors of the API as problem details (RFC 9457): what is wrong, where, and how to fix it."""

import logging
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.http.errors import AT_ONCE, NOT_STORED, is_conflict
from portal.http.problems import PROBLEMS, problem_body
from portal.media.storage import is_full
from portal.refusals import TooSoon
from portal.transitions import IllegalTransition, LostRace

logger = logging.getLogger(__name__)
NOT_THERE = "There is no such object, or it belongs to another organisation. Ids come from the lists of this API."
_OF_THE_WHOLE = frozenset({"non_field_errors", NON_FIELD_ERRORS})


class CallRefused(exceptions.APIException):
    """A refusal by its code; further members of the problem and headers as they are given."""

    def __init__(self, code: str, detail: str, *, errors: object = None, wait: int | None = None) -> None:
        self.status_code = PROBLEMS[code].status
        self.default_code = code
        self.errors = errors
        self.wait = wait
        super().__init__(detail, code)


def unknown_name(code: str, kind: str, name: str, known: Iterable[str]) -> CallRefused:
    """The refusal of a parameter or field that there is not, with the nearest that there is."""
    names = sorted(known)
    near = get_close_matches(name, names, 1, 0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(names) or 'none'}."
    detail = f"There is no {kind} {name[:80]!r} here. {hint}"
    return CallRefused(code, detail, errors={name[:80]: [hint]})


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: any refusal as application/problem+json; unknown errors stay a 500."""
    if is_full(error):
        logger.critical("No space left: %s", error)
        return _problem("no_space", "The server's disk is full, so no changes were made. Try again later.")
    if is_conflict(error):
        logger.warning("Two changes at the same moment: %s", error)
        return _problem("lost_race", AT_ONCE, wait=1)
    if isinstance(error, DataError):
        logger.warning("A value that cannot be stored reached the database: %s", error)
        return _problem("invalid", NOT_STORED)
    if isinstance(error, IllegalTransition | LostRace | TooSoon):
        return _problem(conflict_code(error), str(error), wait=error.wait)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            detail=error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if isinstance(error, Http404 | exceptions.NotFound) and not _says_more(error):
        error = exceptions.NotFound(NOT_THERE)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error))
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    if isinstance(error, exceptions.ValidationError):
        problem = _problem("invalid", "See errors for the reason for each field.", errors=_by_field(error.detail))
    else:
        problem = _problem(error.default_code, str(error.detail), errors=getattr(error, "errors", None))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            problem[header] = response[header]
    return problem


def conflict_code(error: Exception) -> str:
    """The code of a conflict, or of what comes too early."""
    names = (kind.__name__ for kind in type(error).__mro__)
    codes = {"Stale": "stale", "IllegalTransition": "illegal_transition", "TooSoon": "throttled"}
    return next((codes[name] for name in names if name in codes), "lost_race")


def code_for(error: Exception) -> str:
    """The code of a service's refusal, for one of many items of a call."""
    if isinstance(error, ValidationError):
        return "invalid"
    return "permission_denied" if isinstance(error, PermissionDenied) else conflict_code(error)


def _by_field(detail: Any) -> dict[str, Any]:
    """Reasons that are about no field are those of the whole request: `errors` always is an object."""
    if not isinstance(detail, dict):
        return {"request": detail}
    return {"request" if name in _OF_THE_WHOLE else name: reasons for name, reasons in detail.items()}


def _says_more(error: Http404 | exceptions.NotFound) -> bool:
    return isinstance(error, exceptions.NotFound) and str(error.detail) != exceptions.NotFound.default_detail


def _problem(code: str, detail: str, *, errors: object = None, wait: int | None = None) -> Response:
    body = problem_body(code, detail) | ({} if errors is None else {"errors": errors})
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Response(body, status=body["status"], headers=headers, content_type="application/problem+json")
