"""Refusals as pages, and as problem details where a program asked."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def _refuse(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/v"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": message}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, f"{status}.html", {"message": message}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, 403, "Not allowed", str(exception or "") or "Your role does not open this page.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _refuse(request, 404, "Not found", "There is nothing at this address, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _refuse(request, 500, "Something broke", "The error was logged. Nothing that you entered before was lost.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    message = "This form was open for too long or came from another site. Go back, reload the page, and send it again."
    return _refuse(request, 403, "Form refused", message)
