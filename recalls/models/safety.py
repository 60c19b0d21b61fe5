"""What a version records beside its text: risk, injuries, measures and businesses. The vocabularies are in importers/safety.py."""

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_noop


class RiskLevel(models.TextChoices):
    SERIOUS = "serious", gettext_noop("Serious")
    HIGH = "high", gettext_noop("High")
    MEDIUM = "medium", gettext_noop("Medium")
    LOW = "low", gettext_noop("Low")


class Severity(models.TextChoices):
    """Of the worst injury: serious needed a hospital stay, moderate a doctor, minor first aid."""

    FATAL = "fatal", gettext_noop("Fatal")
    SERIOUS = "serious", gettext_noop("Serious (hospital stay or lasting harm)")
    MODERATE = "moderate", gettext_noop("Moderate (treated by a doctor)")
    MINOR = "minor", gettext_noop("Minor (first aid)")
    NONE = "none", gettext_noop("No injury")


class MeasureKind(models.TextChoices):
    STOP_SALE = "stop_sale", gettext_noop("Stop of sale")
    WITHDRAWAL = "withdrawal", gettext_noop("Withdrawal from the market")
    RECALL = "recall", gettext_noop("Recall from end users")
    LISTING_REMOVAL = "listing_removal", gettext_noop("Removal of the listing by the online marketplace")
    REPAIR = "repair", gettext_noop("Repair")
    REPLACEMENT = "replacement", gettext_noop("Replacement")
    REFUND = "refund", gettext_noop("Refund")
    DESTRUCTION = "destruction", gettext_noop("Destruction of the product")
    WARNING = "warning", gettext_noop("Warning to consumers")
    MARKING = "marking", gettext_noop("Warnings marked on the product")
    MODIFICATION = "modification", gettext_noop("Modification of the product")
    MARKETING_BAN = "marketing_ban", gettext_noop("Ban on marketing")
    IMPORT_REJECTED = "import_rejected", gettext_noop("Import rejected at the border")
    OTHER = "other", gettext_noop("Other measure")


class MeasureBasis(models.TextChoices):
    VOLUNTARY = "voluntary", gettext_noop("Voluntary")
    ORDERED = "ordered", gettext_noop("Ordered by an authority")


class BusinessRole(models.TextChoices):
    MANUFACTURER = "manufacturer", gettext_noop("Manufacturer")
    IMPORTER = "importer", gettext_noop("Importer")
    DISTRIBUTOR = "distributor", gettext_noop("Distributor")
    SELLER = "seller", gettext_noop("Seller")
    AUTHORISED_REPRESENTATIVE = "authorised_representative", gettext_noop("Authorised representative")
    FULFILMENT_SERVICE = "fulfilment_service", gettext_noop("Fulfilment service")
    MARKETPLACE = "marketplace", gettext_noop("Online marketplace")


def _empty_list() -> Value:
    return Value([], models.JSONField())


class SafetyRecord(models.Model):
    """Everything is optional: what is empty is not stated, and a number that is unknown is null, never 0."""

    risk_level = models.CharField(max_length=10, choices=RiskLevel, blank=True, default="", db_default="")
    incidents = models.PositiveIntegerField(null=True, blank=True)
    injuries = models.PositiveIntegerField(null=True, blank=True)
    deaths = models.PositiveIntegerField(null=True, blank=True)
    worst_severity = models.CharField(max_length=10, choices=Severity, blank=True, default="", db_default="")
    injury_details = models.TextField(blank=True, default="", db_default="")
    measures = models.JSONField(
        default=list,
        blank=True,
        db_default=_empty_list(),
        help_text="Corrective measures: importers/safety.py, Measure.",
    )
    businesses = models.JSONField(
        default=list, blank=True, db_default=_empty_list(), help_text="Businesses: importers/safety.py, Business."
    )

    class Meta:
        abstract = True
