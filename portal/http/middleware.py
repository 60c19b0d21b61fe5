"""Who acts, may they open this address, and what a refusal looks like."""

import codecs
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_noop
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from portal.database.acting import acting, current, drawn
from portal.http.errors import answer_to, changed_meanwhile, signed_out, unsaved_text_in
from portal.http.language import ENGLISH_ONLY, language_of
from portal.http.returning import page_of_form, sign_in_address
from portal.identity.access import OWN_METHODS, PAGE_METHODS, PUBLIC, SIGNED_IN, rule_for
from portal.identity.actors import Actor
from portal.identity.proof import REACHABLE, is_fresh, is_sensitive, next_step
from portal.identity.sandboxes import actor_at, place_of
from portal.identity.sessions import note_use
from portal.models import User
from portal.texts import is_storable, page_in_written_order
from portal.transitions import IllegalTransition, LostRace

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class CompressionMiddleware(GZipMiddleware):
    """Pages and the API's answers leave compressed, padded by a random length so that sizes tell nothing of secrets (BREACH).

    Static files have compressed copies of their own; downloads leave as they are.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or not (kind == "text/html" or kind.endswith("json")):
            return response
        return super().process_response(request, response)


class WritingOrderMiddleware:
    """Leaves out of each page what would turn the order of writing around: only texts of strangers have it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            response.content = page_in_written_order(response.content)
        return response


class ActorMiddleware:
    """Puts the acting person on `request.actor` (None where no one is signed in), and on `request.organisation` where they
    work; has the database show what they may see and no more, shows times in their zone, and notes that their session is
    in use.

    Who belongs to a suspended organisation is nobody. The API names its key's organisation later (portal/api/authentication.py); it is forgotten with the request as well.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and user.organisation.suspended_at is not None:
            request.user = user = AnonymousUser()
        place = place_of(request) if user.is_authenticated else None
        actor = actor_at(user, place) if place is not None else None  # type: ignore[arg-type]
        request.actor, request.organisation = actor, place  # type: ignore[attr-defined]
        with (
            acting(actor.principal if actor else None),
            timezone.override(user.zone if user.is_authenticated else None),
        ):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = drawn(response.streaming_content, current())  # type: ignore[arg-type]
        _keep_private(request, response)
        if isinstance(request.user, User):  # asked again: this may have been the sign-in; the API puts its key there
            note_use(request)
        return response


def _keep_private(request: HttpRequest, response: HttpResponseBase) -> None:
    """What was made for someone is for no one else's cache; what programs get, and what says so itself, for none."""
    if request.actor is None:  # type: ignore[attr-defined]
        return
    if not response.has_header("Cache-Control"):
        fresh = "no_store" if request.path_info.startswith(ENGLISH_ONLY) else "no_cache"
        patch_cache_control(response, **{fresh: True})
    patch_cache_control(response, private=True)


class LanguageMiddleware:
    """Shows pages in the reader's language (portal/http/language.py) and says so; what answers programs stays English."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ENGLISH_ONLY):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            # The same address may answer another browser in another language; the session's cookie varies already.
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", language)
        return response


class TextMiddleware:
    """Refuses an address or a form with text that nothing can store, and what claims to be in another encoding than UTF-8.

    Bodies of the API are checked field by field by its serializers, so that a bad listing costs no other.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.encoding is not None and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest(gettext_noop("Send the request in UTF-8. Other encodings are not supported."))
        if not is_storable(request.path) or not _are_storable(request.GET.lists()):
            raise BadRequest(gettext_noop("The address has a character that is not allowed (NUL). Remove it."))
        if request.resolver_match is not None and request.resolver_match.namespace == "api":
            return
        files = [(name, [file.name or "" for file in given]) for name, given in request.FILES.lists()]
        if not _are_storable([*request.POST.lists(), *files]):
            raise BadRequest(
                gettext_noop("The form has a character that is not allowed (NUL). Remove it and send the form again.")
            )


def _are_storable(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return all(is_storable(name) and all(map(is_storable, texts)) for name, texts in fields)


class MethodMiddleware:
    """Refuses what asks for something else than to be shown a page or to send its form, before anybody is looked up in the
    database. The API, and other addresses for programs (portal/identity/access.py), know their methods themselves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in PAGE_METHODS:
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if match.namespace == "api" or match.view_name in OWN_METHODS:
            return self.get_response(request)
        request.resolver_match = match  # the log and the times of pages name it
        return HttpResponseNotAllowed(sorted(PAGE_METHODS))


class AccessMiddleware:
    """Refuses every address that portal/identity/access.py does not open to this person. The API checks keys by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if match is None or rule is None:
            raise PermissionDenied(gettext_noop("You cannot open this page."))
        if rule == PUBLIC or match.namespace == "api":
            return None
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            if unsaved_text_in(request):
                return signed_out(request)
            return redirect(sign_in_address(request))
        if match.view_name not in REACHABLE and (step := next_step(request.user, request.session)):  # type: ignore[arg-type]
            return _go_to(request, reverse(step))
        if rule != SIGNED_IN:
            actor.require(rule)
        if is_sensitive(match.view_name, match.kwargs) and not is_fresh(request.session):
            return _confirm_first(request)
        return None


def _go_to(request: HttpRequest, address: str) -> HttpResponseBase:
    """To another page; a part of a page that is asked for by itself takes the whole page along."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def _confirm_first(request: HttpRequest) -> HttpResponseBase:
    """Have the person confirm who they are, then come back. A form's texts are shown, as it has to be sent again."""
    posted = request.method not in {"GET", "HEAD"}
    back = page_of_form(request) or "/" if posted else request.get_full_path()
    address = f"{reverse('portal:confirm')}?{urlencode({'next': back})}"
    if posted and (written := unsaved_text_in(request)):
        return render(request, "portal/confirm_first.html", {"address": address, "written": written}, status=403)
    return _go_to(request, address)


class RefusalMiddleware:
    """A move that came too late, or that the state does not allow, is a 409 page that says what happened; a full disk is
    a 507."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IllegalTransition | LostRace):
            return changed_meanwhile(request, exception)
        return answer_to(request, exception)
