"""Many flags in one call: each is claimed or decided by itself, and has its own result."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError as Invalid
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services
from listings.api.flags import FlagDetail
from listings.models import Decision, Flag
from listings.serializers.decisions import BulkClaimSerializer, BulkDecideSerializer, ClaimSerializer
from listings.serializers.flags import BulkFlagsSerializer, NextFlagSerializer
from portal.api.permissions import actor_of
from portal.api.problems import code_for
from portal.api.views import ApiView
from portal.models import User

NOT_SEEN = "There is no such flag that you can see."


def _people(request: Request) -> object:
    return User.objects.filter(organisation_id=actor_of(request).organisation_id, is_active=True)


class FlagsClaim(ApiView):
    """Claim up to 500 flags for one of the platform's moderators, for 15 minutes. A flag that someone else holds stops no
    other."""

    @extend_schema(request=BulkClaimSerializer, responses=BulkFlagsSerializer)
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        given = self.body(BulkClaimSerializer, request, people=_people(request))

        def claim(flags: Sequence[Flag]) -> services.BulkResult:
            return services.claim_many(flags=flags, person=given["person"], actor=actor)

        return _answer(request, given["flags"], claim)


class FlagsDecide(ApiView):
    """Take one decision on up to 500 flags, each with its own `seen`. A flag that has changed stops no other. An incomplete
    decision is refused as a whole. A flag that is named twice has one result."""

    @extend_schema(request=BulkDecideSerializer, responses=BulkFlagsSerializer)
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        given = self.body(BulkDecideSerializer, request)
        seen = {each["flag"]: each["seen"] for each in given.pop("flags")}

        def decide(flags: Sequence[Flag]) -> services.BulkResult:
            return services.decide_many(flags=[(flag, seen[flag.pk]) for flag in flags], actor=actor, **given)

        return _answer(request, list(seen), decide)


class FlagClaimNext(ApiView):
    """Claim the most urgent open flag that no one holds for one of the platform's moderators; null where there is none."""

    @extend_schema(request=ClaimSerializer, responses=NextFlagSerializer)
    def post(self, request: Request) -> Response:
        person = self.body(ClaimSerializer, request, people=_people(request))["person"]
        flag = services.claim_next(actor=actor_of(request), person=person)
        row = FlagDetail.rows_for(request).get(pk=flag.pk) if flag else None
        return Response(NextFlagSerializer({"flag": row}).data)


def _answer(request: Request, numbers: Sequence[int], act: Callable[[Sequence[Flag]], services.BulkResult]) -> Response:
    own = Flag.objects.visible_to(actor_of(request)).select_related("recall", "listing", "platform")
    decisions = Prefetch("decisions", Decision.objects.order_by("-pk"))
    rows = own.filter(pk__in=numbers).order_by("due_at", "pk").prefetch_related(decisions)
    done = act(list(rows))
    refused = {flag.pk: (code_for(error), _reason(error)) for flag, error in done.refused}
    missing = set(numbers) - set(done.done) - set(refused)
    refused |= dict.fromkeys(missing, ("not_found", NOT_SEEN))
    results = []
    for number in dict.fromkeys(numbers):
        code, detail = refused.get(number, ("", ""))
        result = "done" if number in done.done else "refused"
        results.append({"flag": number, "result": result, "code": code, "detail": detail})
    return Response({"results": results})


def _reason(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, Invalid) else str(error)
