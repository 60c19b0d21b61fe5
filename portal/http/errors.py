"""Refusals as pages, and as problem details where a program asked."""

import logging
import re
import sys

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext_noop

from portal.http.problems import code_of, problem_body
from portal.media.storage import is_full

logger = logging.getLogger(__name__)
OWN_PAGES = frozenset({400, 403, 404, 409, 500})
UNREAD = frozenset({411, 413})
SECRET = re.compile(r"password|token|secret", re.IGNORECASE)


def unsaved_text_in(request: HttpRequest) -> list[str]:
    """The texts of a form that was refused, to be copied from the refusal: what has several words, and is no secret.

    Nothing of a form that another site sent: we show no stranger's words as the reader's own.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    try:
        fields = list(request.POST.lists())
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError, OSError):
        return []  # what could not be read is why it is refused
    texts = [text.strip() for name, all_ in fields if not SECRET.search(name) for text in all_]
    return [text for text in texts if len(text.split()) > 1]


def refuse(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    """The refusal, with its reason, for a program or a person. A body that is too large is not read to be shown."""
    if request.path.startswith("/api/v"):
        body = problem_body(code_of(status), message, title=title, status=status)
        return JsonResponse(body, status=status, content_type="application/problem+json")
    written = [] if status in UNREAD else unsaved_text_in(request)
    template = f"{status}.html" if status in OWN_PAGES else "refused.html"
    return render(request, template, {"title": title, "message": message, "written": written}, status=status)


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The refusal of what is no fault of ours: a full disk (507), or a value that the database cannot hold (400)."""
    if is_full(error):
        detail = gettext_noop(
            "The server's disk is full, so no changes were made. Try again later. The operators see this in the log."
        )
        logger.critical("No space left: %s", error)
        return refuse(request, 507, gettext_noop("No space left"), detail)
    if isinstance(error, DataError):  # what no check before it has caught: worth a check of its own
        logger.warning("A value that cannot be stored came as far as the database: %s", error)
        return refuse(request, 400, gettext_noop("Not understood"), NOT_STORED)
    return None


NOT_STORED = gettext_noop("A value is too large or has characters that cannot be stored. Correct it and send it again.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django itself refuses (a host, a size) is not read once more to show what was written."""
    if isinstance(exception, RequestDataTooBig):
        detail = gettext_noop("The form is too large. No changes were made. Send it in several parts.")
        return refuse(request, 413, gettext_noop("Too large"), detail)
    if isinstance(exception, BadRequest):
        return refuse(request, 400, "Not understood", str(exception))
    return render(request, "400.html", {"message": "The server cannot take this request as it is."}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(request, 403, "Not allowed", str(exception or "") or "Your role does not open this page.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return refuse(request, 404, "Not found", "There is nothing at this address, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is handled: what came before or after the view is answered here too."""
    if (refusal := answer_to(request, sys.exc_info()[1])) is not None:
        return refusal
    return refuse(
        request, 500, "Something went wrong", "The error was logged. Nothing that you entered before was lost."
    )


def changed_meanwhile(request: HttpRequest, message: str) -> HttpResponse:
    return refuse(request, 409, "It has changed in the meantime", message)


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form with texts from somebody who is no longer signed in: to be sent to the sign-in page would lose them."""
    message = (
        "You are no longer signed in, so nothing was done. Copy what you had written, sign in, and put it in once more."
    )
    return refuse(request, 403, "Signed out", message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    message = "This form was open for too long or came from another site. Go back, reload the page, and send it again."
    return refuse(request, 403, "Form refused", message)
