"""Addresses that are fetched on a schedule, as the API shows and changes them: of recalls, of catalogues."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers import StrictSerializer
from portal.api.views import DetailView
from portal.models.fetching import FetchSchedule
from portal.schedule_forms import INTERVALS

RESULTS = [(result.value, result.value) for result in FetchSchedule.Result if result.value]
MINUTES = [minutes for minutes, _ in INTERVALS]
SHOWN = (
    "id", "name", "url", "interval_minutes", "enabled", "result", "detail", "failures", "fetched_at", "next_at", "under_way",
    "last_import", "created_at",
)  # fmt: skip
"""The fields that every schedule shows."""


class FetchScheduleSerializer(serializers.ModelSerializer):
    """`Meta.fields` of what builds on it begins with SHOWN. The rows come from `with_last_import`."""

    url = serializers.CharField(read_only=True, help_text="Where the file is fetched.")
    result = serializers.SerializerMethodField(help_text="What the last fetch came to; null before the first.")
    detail = serializers.CharField(read_only=True, help_text="Why a fetch failed, or its file was refused.")
    failures = serializers.IntegerField(read_only=True, help_text="Failed fetches in a row: each doubles the wait.")
    fetched_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When it was last fetched.")
    next_at = serializers.DateTimeField(read_only=True, help_text="When it is fetched again, if it is in use.")
    under_way = serializers.BooleanField(
        source="is_under_way", read_only=True, help_text="Whether it is being fetched, or is about to be."
    )
    last_import = serializers.IntegerField(read_only=True, allow_null=True, help_text="The newest import of its files.")

    @extend_schema_field(serializers.ChoiceField(RESULTS, allow_null=True))
    def get_result(self, row: FetchSchedule) -> str | None:
        return row.result or None


@extend_schema_field({"type": "integer", "enum": MINUTES})
class MinutesField(serializers.IntegerField):
    """One of the frequencies that the pages offer, too."""

    def to_internal_value(self, data: Any) -> int:
        minutes = super().to_internal_value(data)
        if minutes not in MINUTES:
            offered = ", ".join(map(str, MINUTES))
            raise serializers.ValidationError(f"Use one of these numbers of minutes: {offered}.")
        return minutes


class ScheduleSerializer(StrictSerializer):
    """What is set of a schedule."""

    name = serializers.CharField(max_length=80, help_text="As people see it.")
    url = serializers.URLField(max_length=1_000, help_text="A public address, on port 80 or 443.")
    interval_minutes = MinutesField(help_text="How often it is fetched: from every quarter of an hour to every week.")
    enabled = serializers.BooleanField(required=False, default=True, help_text="false: it is not fetched.")


class ScheduleChangeSerializer(ScheduleSerializer):
    """What is changed of a schedule; what is left out stays as it is."""

    # without a default: clients that are generated send defaults, and would put a paused feed in use
    enabled = serializers.BooleanField(required=False, help_text="false: it is not fetched.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"partial": True})

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(f"Send at least one of these fields: {', '.join(self.fields)}.")
        return attrs


def with_last_import(rows: QuerySet[Any], imports: QuerySet[Any]) -> QuerySet[Any]:
    """The schedules, each with the newest of its imports."""
    newest = imports.filter(feed=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return rows.annotate(last_import=Subquery(newest, output_field=models.BigIntegerField()))


class ScheduleDetail(DetailView):
    """One schedule, and how it is changed: `changes` is the body, `kept` names the settings that stay as they are where
    none is sent."""

    changes: ClassVar[type[ScheduleChangeSerializer]]
    kept: ClassVar[tuple[str, ...]] = ("name", "url", "interval_minutes", "enabled")

    def edit(self, row: Any, given: dict[str, Any]) -> None:
        """Call the service with the settings as they become."""
        raise NotImplementedError

    def changed(self, request: Request, pk: int) -> Response:
        given = self.body(self.changes, request)
        with transaction.atomic():  # what is left out is as it is now, also if somebody changes it at the same time
            found = get_object_or_404(self.rows_for(request), pk=pk)
            row = type(found)._base_manager.select_for_update().get(pk=found.pk)
            self.edit(row, {name: getattr(row, name) for name in self.kept} | given)
        return self.shown(request)
