"""What the regulator of a sandbox does at the request of its engineers. Keys of real data open none of it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement.api.appeals import AppealDetail
from enforcement.api.clocks import asked_extension
from enforcement.api.takedowns import TakedownDetail
from enforcement.models import Appeal, Takedown
from enforcement.sandbox import regulator
from listings.api.flags import FlagDetail
from listings.models import Flag
from portal.api.acts import Act
from portal.api.etags import etag_of
from portal.api.permissions import actor_of
from portal.api.serializers import AnswerSerializer, NoteSerializer, ReasonSerializer, StrictSerializer
from portal.api.views import ApiView
from portal.identity.actors import Actor
from recalls.api.notices import NoticeDetail
from recalls.api.recall_bodies import WrittenProductSerializer, product_of
from recalls.models import Notice
from recalls.serializers import NoticeSerializer

MAX_PRODUCTS = 10


class SampleSerializer(StrictSerializer):
    """What a made-up recall says. It is marked as test data wherever it is shown."""

    products = serializers.ListField(child=WrittenProductSerializer(), min_length=1, max_length=MAX_PRODUCTS)
    hazard = serializers.CharField(max_length=10_000, required=False, default="It can overheat.")
    title = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True, help_text="Without one, the first product's name."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        products = tuple(product_of(each) for each in given.pop("products"))
        sample = regulator.Sample(products=products, hazard=given.pop("hazard"), title=given.pop("title"))
        return {**given, "sample": sample}


class SampleVersionSerializer(SampleSerializer):
    change_note = serializers.CharField(help_text="Stands in the notice, as a regulator's would.")


class PassedSerializer(StrictSerializer):
    minutes = serializers.IntegerField(min_value=1, max_value=regulator.MAX_MINUTES)


class SandboxRecalls(ApiView):
    """Have your sandbox's regulator publish recalls."""

    @extend_schema(request=SampleSerializer, responses={201: NoticeSerializer})
    def post(self, request: Request) -> Response:
        """Have your sandbox's regulator publish a made-up recall and send you its notice: the webhook `notice.sent` leaves,
        and your listings are matched. Only with a key of a sandbox, which has up to 50 recalls."""
        made = regulator.publish_sample(**self.body(SampleSerializer, request), actor=actor_of(request))
        shown = NoticeSerializer(NoticeDetail.rows_for(request).get(pk=made.pk)).data
        return Response(shown, status=201, headers={"ETag": etag_of(shown)})


class SandboxVersion(Act):
    """Have your sandbox's regulator publish a new version of a recall. Your notice follows it; where it covers more than
    before, the webhook `notice.widened` leaves and your listings are matched again; where it covers less, flags close."""

    shows, takes = NoticeDetail, SampleVersionSerializer

    def act(self, row: Notice, actor: Actor, *, sample: regulator.Sample, change_note: str) -> None:
        regulator.publish_next_version(notice=row, sample=sample, change_note=change_note, actor=actor)


class SandboxWithdraw(Act):
    """Have your sandbox's regulator withdraw a notice: the webhook `notice.withdrawn` leaves, its clocks stop and its open
    flags close."""

    shows, takes = NoticeDetail, ReasonSerializer

    def act(self, row: Notice, actor: Actor, *, reason: str) -> None:
        regulator.withdraw_sample(notice=row, reason=reason, actor=actor)


class SandboxFlagAnswer(Act):
    """Have your sandbox's regulator answer a flag that you escalated to it."""

    shows, takes = FlagDetail, NoteSerializer

    def act(self, row: Flag, actor: Actor, *, note: str) -> None:
        regulator.answer_referral(flag=row, note=note, actor=actor)


class SandboxExtension(Act):
    """Have your sandbox's regulator grant or refuse the extension that you requested."""

    shows, takes = TakedownDetail, AnswerSerializer

    def act(self, row: Takedown, actor: Actor, *, grant: bool, answer: str) -> None:
        regulator.answer_extension(extension=asked_extension(row), grant=grant, answer=answer, actor=actor)


class SandboxAppeal(Act):
    """Have your sandbox's regulator grant or reject an appeal: the webhook `appeal.answered` leaves."""

    shows, takes = AppealDetail, AnswerSerializer

    def act(self, row: Appeal, actor: Actor, *, grant: bool, answer: str) -> None:
        regulator.answer_appeal(appeal=row, grant=grant, answer=answer, actor=actor)


class SandboxTime(Act):
    """Let time pass for the clock of a flag in your sandbox. What is due then happens at once: a reminder, the missed
    deadline, the steps after it, each with the webhook `escalation.raised`."""

    shows, takes = TakedownDetail, PassedSerializer

    def act(self, row: Takedown, actor: Actor, *, minutes: int) -> None:
        regulator.let_time_pass(takedown=row, minutes=minutes, actor=actor)


class SandboxMiss(Act):
    """Let so much time pass for the clock of a flag in your sandbox that its deadline is missed."""

    shows = TakedownDetail

    def act(self, row: Takedown, actor: Actor) -> None:
        regulator.miss_deadline(takedown=row, actor=actor)
