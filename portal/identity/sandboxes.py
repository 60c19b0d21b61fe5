"""Working in the sandbox of one's platform: for as long as a session says so, a person acts there and not in their platform."""

from django.http import HttpRequest

from portal.identity.actors import Actor
from portal.models import Organisation, User

_CHOSEN = "sandbox"


def sandbox_of(platform_id: int) -> Organisation | None:
    """The platform in whose name a sandbox is used, if the platform has one now."""
    found = Organisation.objects.open_sandboxes_of(platform_id).platforms()
    return found.first()


def enter(request: HttpRequest, sandbox: Organisation) -> None:
    """From now on the session is in a sandbox; how long it is one of the person's platform is asked at each request."""
    request.session[_CHOSEN] = sandbox.pk


def leave(request: HttpRequest) -> None:
    """The session is in its person's own organisation again."""
    request.session.pop(_CHOSEN, None)


def place_of(request: HttpRequest) -> Organisation:
    """Where who is signed in works: the sandbox that they entered, while their platform has it, else their organisation."""
    user: User = request.user  # type: ignore[assignment]
    if _CHOSEN in request.session:
        sandbox = sandbox_of(user.organisation_id)
        if sandbox is not None and sandbox.pk == request.session[_CHOSEN]:
            return sandbox
        leave(request)
    return user.organisation


def actor_at(user: User, place: Organisation) -> Actor:
    """A person as they act in `place`: their own organisation, or a sandbox of it."""
    return Actor.person(user, sandbox=place if place.is_sandbox else None)


def may_work_in(user: User, place: Organisation) -> bool:
    """Whether `place` is a person's organisation, or its sandbox while it has that one."""
    is_own_sandbox = place.sandbox_of_id == user.organisation_id and place.sandbox_closed_at is None
    return place.pk == user.organisation_id or is_own_sandbox
