"""Refusals as pages, and as problem details where a program asked."""

import logging
import re
import sys

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from portal.http.language import refusal_text
from portal.http.problems import code_of, problem_body
from portal.http.returning import sign_in_address
from portal.media.storage import is_full
from portal.permission_words import PERMISSION_WORDS
from portal.refusals import NotPermitted, Refusal

logger = logging.getLogger(__name__)
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


def _is_for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v")


def refuse(request: HttpRequest, status: int, title: str, message: str, *, sign_in: str = "") -> HttpResponse:
    """The refusal, with its reason, for a program or a person. A body that is too large is not read to be shown.

    `sign_in`: the address of the sign-in page, where that is the way on.
    """
    if _is_for_program(request):
        body = problem_body(code_of(status), message, title=title, status=status)
        return JsonResponse(body, status=status, content_type="application/problem+json")
    written = [] if status in UNREAD else unsaved_text_in(request)
    template = "409.html" if status == 409 else "refused.html"
    context = {"title": title, "message": message, "written": written, "sign_in": sign_in}
    return render(request, template, context, status=status)


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The refusal of what is no fault of ours: a full disk (507), what somebody else saved at the same moment (409), or
    a value that the database cannot hold (400)."""
    if is_full(error):
        detail = gettext_noop(
            "The server's disk is full, so no changes were made. Try again later. The operators see this in the log."
        )
        logger.critical("No space left: %s", error)
        return refuse(request, 507, gettext_noop("No space left"), detail)
    if is_conflict(error):
        logger.warning("Two changes at the same moment: %s", error)
        return refuse(request, 409, gettext_noop("It has changed in the meantime"), AT_ONCE)
    if isinstance(error, DataError):  # what no check before it has caught: worth a check of its own
        logger.warning("A value that cannot be stored came as far as the database: %s", error)
        return refuse(request, 400, gettext_noop("Invalid request"), NOT_STORED)
    return None


UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK = "23505", "40001", "40P01"  # of PostgreSQL


def is_conflict(error: BaseException | None) -> bool:
    """Whether the database refused a change because of another one of the same moment: the same thing was saved twice,
    or each waited for the other."""
    cause = error.__cause__ if isinstance(error, IntegrityError | OperationalError) else None
    return getattr(cause, "sqlstate", "") in {UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK}


AT_ONCE = gettext_noop(
    "Someone else saved the same thing at the same moment, so no changes were made. Reload the page and try again."
)
NOT_STORED = gettext_noop("A value is too large or has characters that cannot be stored. Correct it and send it again.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django itself refuses (a host, a size) is not read once more to show what was written."""
    if isinstance(exception, RequestDataTooBig):
        detail = gettext_noop("The form is too large. No changes were made. Send it in several parts.")
        return refuse(request, 413, gettext_noop("Too large"), detail)
    if isinstance(exception, BadRequest):
        return refuse(request, 400, gettext_noop("Invalid request"), str(exception))
    context = {
        "title": gettext_noop("Invalid request"),
        "message": gettext_noop("The server cannot process this request."),
    }
    return render(request, "refused.html", context, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: somebody is known and lacks the permission, which is named in words."""
    detail = str(exception or "") or gettext_noop("Your role does not give you access to this page.")
    if isinstance(exception, NotPermitted) and not _is_for_program(request):
        words = gettext("Your role does not allow this: %(what)s. Ask an admin who may do it.")
        detail = words % {"what": gettext(PERMISSION_WORDS.get(exception.permission, exception.permission))}
    return refuse(request, 403, gettext_noop("Not allowed"), detail)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """404: it is not there, or not visible to this person; the answer does not tell which."""
    detail = gettext_noop("This page does not exist, or you do not have access to it.")
    return refuse(request, 404, gettext_noop("Not found"), detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is handled: what came before or after the view is answered here too."""
    if (refusal := answer_to(request, sys.exc_info()[1])) is not None:
        return refusal
    detail = gettext_noop("The error was logged. Nothing that you saved before was lost.")
    return refuse(request, 500, gettext_noop("Something went wrong"), detail)


def changed_meanwhile(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """409: somebody else was first, or the state does not allow it. Nothing was changed."""
    message = str(refusal) if _is_for_program(request) else refusal_text(refusal)
    return refuse(request, 409, gettext_noop("It has changed in the meantime"), message)


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form with texts from someone who is no longer signed in: to be sent to the sign-in page would lose them."""
    message = gettext_noop(
        "You are signed out, so no changes were made. Copy your text, then sign in. You return to the page you were on."
    )
    return refuse(request, 403, gettext_noop("Signed out"), message, sign_in=sign_in_address(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """403 for a form without a valid token. Nothing was changed."""
    if not request.COOKIES:
        message = gettext_noop(
            "Your browser sent no cookies, so no changes were made. You are signed out, or your browser blocks cookies "
            "of this site. Copy your text, allow cookies, then sign in."
        )
        return refuse(request, 403, gettext_noop("Form not accepted"), message, sign_in=sign_in_address(request))
    message = gettext_noop(
        "This form was open for too long or came from another site. Go back, reload the page and send it again."
    )
    return refuse(request, 403, gettext_noop("Form not accepted"), message)
