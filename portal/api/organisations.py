"""Platforms, by the slugs that other calls take."""

from django.db.models import QuerySet
from rest_framework import serializers

from portal.api.permissions import actor_of
from portal.api.views import ListView
from portal.models import Organisation


class PlatformSerializer(serializers.ModelSerializer):
    sandbox = serializers.BooleanField(
        source="is_sandbox", read_only=True, help_text="Whether it is a sandbox, all of whose data is test data."
    )

    class Meta:
        model = Organisation
        fields = ["slug", "name", "country", "time_zone", "language", "sandbox"]


class PlatformList(ListView):
    """Platforms that you can see: all of them, or your own."""

    serializer_class = PlatformSerializer
    queryset = Organisation.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(actor_of(self.request)).platforms()
