"""Flags: claimed, decided, undone; answered and overruled by the regulator."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from listings import services
from listings.filters import FlagFilter
from listings.models import Decision, Flag
from listings.serializers.decisions import ClaimSerializer, DecideSerializer, HandOverSerializer
from listings.serializers.flags import FlagSerializer
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import NoteSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor
from portal.models import User


def _own(request: Request) -> QuerySet[Flag]:
    rows = Flag.objects.visible_to(actor_of(request)).select_related(
        "recall", "listing", "claimed_by", "notice__version", "product", "platform"
    )
    return rows.prefetch_related(Prefetch("decisions", Decision.objects.order_by("-pk")))


class FlagList(ListView):
    """Flags, newest first: of this platform's listings, or under this regulator's recalls."""

    serializer_class = FlagSerializer
    filterset_class = FlagFilter
    queryset = Flag.objects.none()

    def get_queryset(self) -> QuerySet[Flag]:
        return _own(self.request)


class FlagDetail(DetailView):
    """One flag with its evidence."""

    serializer_class = FlagSerializer
    queryset = Flag.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Flag]:
        return _own(request)


class _OfPeople(Act):
    shows = FlagDetail
    takes: ClassVar[type[Serializer] | None] = ClaimSerializer

    def options_of(self, row: Flag) -> dict[str, Any]:
        return {"people": User.objects.filter(organisation_id=row.platform_id, is_active=True)}


class FlagClaim(_OfPeople):
    """Claim a flag for one of the platform's moderators, for 15 minutes. Claim it again to renew."""

    def act(self, row: Flag, actor: Actor, *, person: User) -> None:
        services.claim_flag(flag=row, actor=actor, person=person)


class FlagRelease(_OfPeople):
    """Release a flag that one of the platform's moderators holds."""

    def act(self, row: Flag, actor: Actor, *, person: User) -> None:
        services.release_flag(flag=row, actor=actor, person=person)


class FlagHandOver(_OfPeople):
    """Give a flag that is free, or that `person` holds, to another moderator, who is notified and holds it for 8 hours."""

    takes = HandOverSerializer

    def act(self, row: Flag, actor: Actor, *, to: User, note: str, person: User | None) -> None:
        services.hand_over_flag(flag=row, to=to, note=note, person=person, actor=actor)


class FlagDecide(Act):
    """Decide a flag. "removed" is a claim; removal checks or the next full feed prove it."""

    shows, takes = FlagDetail, DecideSerializer

    def act(self, row: Flag, actor: Actor, **given: Any) -> None:
        services.decide(flag=row, actor=actor, **given)


class FlagUndo(Act):
    """Undo the last decision on a flag, if this key took it as `undoable` and it is not final yet."""

    shows = FlagDetail

    def act(self, row: Flag, actor: Actor) -> None:
        services.undo_last(flag=row, actor=actor)


class FlagAnswer(Act):
    """Answer a flag that its platform escalated, as the regulator. It goes back to the platform's queue."""

    shows, takes = FlagDetail, NoteSerializer

    def act(self, row: Flag, actor: Actor, *, note: str) -> None:
        services.answer_referral(flag=row, note=note, actor=actor)


class FlagOverrule(Act):
    """Open a dismissed flag again, as an admin; its clock resumes with the same deadline. Where the policy needs a second
    person, the first call only asks, and another person must overrule it too."""

    shows, takes = FlagDetail, NoteSerializer

    def act(self, row: Flag, actor: Actor, *, note: str) -> None:
        services.overrule(flag=row, note=note, actor=actor)
