"""The pages behind a seller's link. Whoever has the link is a guest: no account, no list, one case."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from enforcement import services
from enforcement.sellers.case import case_of
from enforcement.sellers.forms import SellerForm
from enforcement.sellers.guests import OPENED, in_the_name_of, let_in, link_of
from listings import services as listings
from listings.models import SellerLink
from portal.http.errors import refuse, unsaved_text_in
from portal.http.language import add_refusal, refusal_text
from portal.identity import throttle
from portal.identity.client_address import client_address, network_of
from portal.identity.throttle import SELLER_TRIES, SELLERS_FROM_PLACE
from portal.transitions import IllegalTransition

LANGUAGE = "seller_language"
View = Callable[..., HttpResponse]


def _for_guests(view: View) -> View:
    """No cache keeps the page, no search engine lists it, no other site learns of it; in the language that was chosen."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = _language(request)
        with translation.override(code):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = code
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return never_cache(shown)


def _language(request: HttpRequest) -> str:
    chosen, known = request.GET.get("language", ""), dict(settings.LANGUAGES)
    if chosen in known and OPENED in request.session:
        request.session[LANGUAGE] = chosen
    code = chosen if chosen in known else request.session.get(LANGUAGE, "")
    return code if code in known else get_language() or settings.LANGUAGE_CODE


@require_GET
@_for_guests
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the mail. Its token leaves the address; tries from one place are counted before it is looked at."""
    place = network_of(client_address(request))
    if not throttle.take(SELLERS_FROM_PLACE, place).allowed:
        return _too_many(request)
    link = listings.find_seller_link(token)
    if link is None:
        return _not_open(request)
    throttle.give_back(SELLERS_FROM_PLACE, place)
    actor = request.actor  # type: ignore[attr-defined]
    with in_the_name_of(link):
        is_let_in = listings.open_seller_link(link=link, seen_by=actor)
    if not is_let_in:
        return _too_many(request)
    let_in(request, link, token)
    return redirect("enforcement:seller_page", link.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_guests
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as its seller sees it, and the form to answer, contest or send proof. Who is signed in only looks."""
    link = link_of(request, pk)
    if link is None:
        return _not_open(request)
    with in_the_name_of(link):
        return _page(request, link)


def _page(request: HttpRequest, link: SellerLink) -> HttpResponse:
    case = case_of(link)
    if request.actor is not None:  # type: ignore[attr-defined]
        if request.method == "POST":
            raise PermissionDenied(gettext_noop("You are signed in. Only the seller writes here, without an account."))
        return _shown(request, {**case, "is_preview": True})
    if request.method != "POST":
        return _shown(request, {**case, "form": SellerForm(acts=case["acts"])})
    form = SellerForm(request.POST, request.FILES, acts=case["acts"])
    if not throttle.take(SELLER_TRIES, str(link.pk)).allowed:
        form.add_error(None, gettext("Too many attempts. Try again in an hour. Your text is kept below."))
        return _shown(request, {**case, "form": form}, status=429)
    return _answered(request, link, case, form)


def _answered(request: HttpRequest, link: SellerLink, case: dict[str, Any], form: SellerForm) -> HttpResponse:
    if form.is_valid():
        try:
            services.answer_as_seller(link=link, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        except IllegalTransition as error:
            if link_of(request, link.pk) is None:
                return _not_open(request)
            form.add_error(None, refusal_text(error))
        else:
            messages.success(request, gettext_noop("Your text was sent. You can write again until the link closes."))
            return redirect("enforcement:seller_page", link.pk)
    return _shown(request, {**case, "form": form}, status=422)


def _shown(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "enforcement/sellers/page.html", {**context, **_around()}, status=status)


def _not_open(request: HttpRequest) -> HttpResponse:
    """The same for a link that never was, has expired, was revoked or whose case is closed; with what was written."""
    context = {"written": unsaved_text_in(request), **_around()}
    return render(request, "enforcement/sellers/not_open.html", context, status=404)


def _too_many(request: HttpRequest) -> HttpResponse:
    detail = gettext_noop("This link was opened too often, or too many wrong links were tried. Try again in an hour.")
    return refuse(request, 429, gettext_noop("Too many attempts"), detail)


def _around() -> dict[str, Any]:
    return {"languages": settings.LANGUAGES, "language_now": get_language()}
