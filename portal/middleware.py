"""Who acts, may they open this address, and what a refusal looks like."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from portal.access import PUBLIC, SIGNED_IN, rule_for
from portal.actors import Actor
from portal.language import ENGLISH_ONLY, language_of
from portal.models import User
from portal.sessions import note_use
from portal.transitions import IllegalTransition, LostRace
from portal.views.errors import changed_meanwhile, signed_out, written_in

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


class ActorMiddleware:
    """Puts the acting person on `request.actor` (None where nobody is signed in), shows times in their zone, and notes that
    their session is in use."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        request.actor = Actor.person(user) if user.is_authenticated else None  # type: ignore[attr-defined]
        with timezone.override(user.zone if user.is_authenticated else None):
            response = self.get_response(request)
        if isinstance(request.user, User):  # asked again: this may have been the sign-in; the API puts its key there
            note_use(request)
        return response


class LanguageMiddleware:
    """Shows pages in the reader's language (portal/language.py) and says so; what answers programs stays English."""

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


class AddressMiddleware:
    """Refuses an address with a NUL: no stored text has one, and a query that asks for it breaks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if "\x00" in request.path or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("The address has a character in it that no text can have (%00): leave it out.")


class AccessMiddleware:
    """Refuses every address that portal/access.py does not open to this person. The API checks keys by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if match is None or rule is None:
            raise PermissionDenied("No access rule opens this address.")
        if rule == PUBLIC or match.namespace == "api":
            return None
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            if written_in(request):
                return signed_out(request)
            return redirect_to_login(request.get_full_path())
        if rule != SIGNED_IN:
            actor.require(rule)
        return None


class RefusalMiddleware:
    """A move that came too late, or that the state does not allow, is a 409 page that says what happened."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IllegalTransition | LostRace):
            return changed_meanwhile(request, str(exception))
        return None
