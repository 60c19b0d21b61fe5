"""Errors of the API as problem details (RFC 9457): what is wrong, where, and how to fix it."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.http.errors import NOT_STORED
from portal.media.storage import is_full
from portal.transitions import IllegalTransition, LostRace

logger = logging.getLogger(__name__)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: any refusal as application/problem+json; unknown errors stay a 500."""
    if is_full(error):
        logger.critical("No space left: %s", error)
        return _problem(
            507, "No space left", "The server's disk is full, so no changes were made. Try again later.", "no_space"
        )
    if isinstance(error, DataError):
        logger.warning("A value that cannot be stored reached the database: %s", error)
        return _problem(422, "Invalid request content", NOT_STORED, "invalid")
    if isinstance(error, IllegalTransition | LostRace):
        return _problem(409, "Conflict", str(error), type(error).__name__)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            detail=error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error))
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    if isinstance(error, exceptions.ValidationError):
        problem = _problem(422, "Invalid request content", "See errors for the reason for each field.", "invalid")
        problem.data["errors"] = error.detail
    else:
        problem = _problem(response.status_code, str(error.default_detail), str(error.detail), error.default_code)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in response:
            problem[header] = response[header]
    return problem


def _problem(status: int, title: str, detail: str, code: str) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return Response(body, status=status, content_type="application/problem+json")
