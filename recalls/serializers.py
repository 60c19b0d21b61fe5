"""The API's notices."""

from typing import Any

from rest_framework import serializers

from recalls.models import Notice, Product, RecallVersion
from recalls.terms import terms_in_words, terms_of_v1


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ["name", "brand", "model_numbers", "gtins", "sizes", "units", "description"]


class VersionSerializer(serializers.ModelSerializer):
    products = ProductSerializer(many=True, read_only=True)

    class Meta:
        model = RecallVersion
        fields = ["version", "title", "description", "hazard", "remedy", "sold_at", "firms", "url", "products"]


class NoticeSerializer(serializers.ModelSerializer):
    recall_number = serializers.CharField(source="recall.number", read_only=True)
    priority = serializers.CharField(source="recall.priority", read_only=True)
    recall = VersionSerializer(source="version", read_only=True)
    terms = serializers.SerializerMethodField(
        help_text="The frozen policy. `looks_needed`, `looks_apart_seconds` and a step's `rung` are earlier names of "
        "checks_needed, check_interval_seconds and step."
    )
    terms_in_words = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = [
            "id",
            "recall_number",
            "priority",
            "status",
            "message",
            "sent_at",
            "delivered_at",
            "acknowledged_at",
            "updated_at",
            "terms",
            "terms_in_words",
            "recall",
        ]

    def get_terms(self, notice: Notice) -> dict[str, Any]:
        return terms_of_v1(notice.terms)

    def get_terms_in_words(self, notice: Notice) -> str:
        return terms_in_words(notice.terms)
