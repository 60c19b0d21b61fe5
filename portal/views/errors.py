"""Refusals as pages, and as problem details where a program asked."""

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

SECRET = re.compile(r"password|token|secret", re.IGNORECASE)


def written_in(request: HttpRequest) -> list[str]:
    """The texts of a form that was refused, to be copied from the refusal: what has several words, and is no secret.

    Nothing of a form that another site sent: we show no stranger's words as the reader's own.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    texts = [text.strip() for name, all_ in request.POST.lists() if not SECRET.search(name) for text in all_]
    return [text for text in texts if len(text.split()) > 1]


def _refuse(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/v"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": message}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, f"{status}.html", {"message": message, "written": written_in(request)}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django itself refuses (a host, a size) is not read once more to show what was written."""
    if isinstance(exception, BadRequest):
        return _refuse(request, 400, "Not understood", str(exception))
    return render(request, "400.html", {"message": "The server cannot take this request as it is."}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, 403, "Not allowed", str(exception or "") or "Your role does not open this page.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _refuse(request, 404, "Not found", "There is nothing at this address, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _refuse(request, 500, "Something broke", "The error was logged. Nothing that you entered before was lost.")


def changed_meanwhile(request: HttpRequest, message: str) -> HttpResponse:
    return _refuse(request, 409, "It has changed meanwhile", message)


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form with texts from somebody who is no longer signed in: to be sent to the sign-in page would lose them."""
    message = (
        "You are no longer signed in, so nothing was done. Copy what you had written, sign in, and put it in once more."
    )
    return _refuse(request, 403, "Signed out", message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    message = "This form was open for too long or came from another site. Go back, reload the page, and send it again."
    return _refuse(request, 403, "Form refused", message)
