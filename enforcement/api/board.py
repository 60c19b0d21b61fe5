"""The board as numbers: what each active notice came to so far, and how each platform does."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enforcement import services
from enforcement.board_metrics import METRICS, TOTALS
from enforcement.oversight.filters import ActiveNoticeFilter
from portal.api.pagination import KeysetPagination
from portal.api.permissions import actor_of
from portal.api.views import ListView
from portal.models import Organisation
from recalls.models import Notice, Recall


class _Counts(serializers.Serializer):
    """A whole number for each name, explained as the board's column headings are."""

    explained: dict[str, str]

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.IntegerField(help_text=about) for name, about in self.explained.items()}


class ClockCountsSerializer(_Counts):
    """Clocks of a notice. A late one is running, too."""

    explained = {
        "running": "Neither confirmed, closed nor paused.",
        "late": METRICS["late"][1],
        "paused": "No deadline passes before they are resumed.",
    }


class FlagCountsSerializer(_Counts):
    """Flags of a notice. One can be counted under several names."""

    explained = {name: about for name, (_, about) in METRICS.items() if name != "late"}


class BoardNoticeSerializer(serializers.ModelSerializer):
    """An active notice with its numbers."""

    notice = serializers.IntegerField(source="pk", read_only=True)
    recall_id = serializers.IntegerField(read_only=True)
    recall_number = serializers.CharField(source="recall.number", read_only=True)
    priority = serializers.ChoiceField(Recall.Priority.choices, source="recall.priority", read_only=True)
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    next_due_at = serializers.DateTimeField(
        source="counts.next_due",
        allow_null=True,
        read_only=True,
        help_text="First deadline of a running clock, also a past one.",
    )
    clocks = serializers.SerializerMethodField()
    flags = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = [
            "notice", "recall_id", "recall_number", "priority", "platform", "sent_at", "acknowledged_at", "next_due_at", "clocks",
            "flags",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ClockCountsSerializer)
    def get_clocks(self, notice: Any) -> dict[str, Any]:
        return ClockCountsSerializer(notice.counts).data

    @extend_schema_field(FlagCountsSerializer)
    def get_flags(self, notice: Any) -> dict[str, Any]:
        return FlagCountsSerializer(notice.counts).data


class TakedownCountsSerializer(_Counts):
    """Takedowns of a platform. One can be counted under several names."""

    explained = {name: about for name, (_, about) in TOTALS.items() if name != "relisted"}


class BoardPlatformSerializer(serializers.ModelSerializer):
    """A platform with its numbers, over all notices."""

    platform = serializers.CharField(source="slug", read_only=True)
    takedowns = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = ["platform", "name", "takedowns"]
        read_only_fields = fields

    @extend_schema_field(TakedownCountsSerializer)
    def get_takedowns(self, platform: Any) -> dict[str, Any]:
        return TakedownCountsSerializer(platform.counts).data


class CountedPagination(KeysetPagination):
    """Fewer rows at once: each is counted when it is asked for."""

    page_size = 50
    max_page_size = 200


class _Counted(ListView):
    pagination_class = CountedPagination
    updated_field = ""

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        found = self.counts(rows)
        for row in rows or ():
            row.counts = found.get(row.pk) or dict.fromkeys(TOTALS, 0)
        return rows

    def counts(self, rows: Any) -> dict[int, dict[str, Any]]:
        raise NotImplementedError


class Board(_Counted):
    """The board: the active notices of this regulator, or those sent to this platform, newest first, each with its clocks and
    flags counted now."""

    serializer_class = BoardNoticeSerializer
    filterset_class = ActiveNoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.visible_to(actor_of(self.request)).active().select_related("recall", "platform")

    def counts(self, rows: Any) -> dict[int, dict[str, Any]]:
        return services.counts_of_notices(rows, timezone.now())


class BoardPlatforms(_Counted):
    """The board by platform: those that you can see, each with its takedowns under this regulator's notices counted now; for a
    platform its own, under all of them."""

    serializer_class = BoardPlatformSerializer
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(actor_of(self.request)).platforms()

    def counts(self, rows: Any) -> dict[int, dict[str, Any]]:
        return services.counts_of_platforms(actor_of(self.request), timezone.now())
