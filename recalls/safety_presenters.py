"""Risk, injuries, measures and businesses in words, for pages and for the differences of versions."""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_noop

from portal.identity.actors import Actor
from recalls.importers.safety import NAMES, Business, Measure
from recalls.models import RecallVersion
from recalls.models.safety import BusinessRole, MeasureBasis, MeasureKind, RiskLevel, Severity

SAFETY_LABELS = {
    "risk_level": gettext_noop("Risk level"),
    "incidents": gettext_noop("Incidents"),
    "injuries": gettext_noop("Injuries"),
    "deaths": gettext_noop("Deaths"),
    "worst_severity": gettext_noop("Worst severity"),
    "injury_details": gettext_noop("Injury details"),
    "measures": gettext_noop("Corrective measures"),
    "businesses": gettext_noop("Businesses"),
}
_CHOICES: dict[str, dict[str, str]] = {
    "risk_level": dict(RiskLevel.choices),
    "worst_severity": dict(Severity.choices),
}


def label_of(choices: type, value: str) -> str:
    """A word of a vocabulary in the reader's language; whatever else is stored as it is."""
    return gettext(dict(choices.choices)[value]) if value in choices.values else value  # type: ignore[attr-defined]


def measure_text(measure: Measure) -> str:
    """For example "Recall from end users, Acme Ltd, voluntary, from 2 January 2026"."""
    parts = [label_of(MeasureKind, measure.kind), measure.by]
    if measure.basis:
        parts.append(label_of(MeasureBasis, measure.basis))
    if measure.since:
        day = date_format(date.fromisoformat(measure.since), "DATE_FORMAT")
        parts.append(gettext("from %(day)s") % {"day": day})
    return ", ".join(part for part in [*parts, measure.details] if part)


def business_text(business: Business) -> str:
    """For example "Importer: Acme Ltd (Acme, Acmo), 1 Main Street, Dover, GB"."""
    names = f" ({', '.join(business.trade_names)})" if business.trade_names else ""
    place = ", ".join(part for part in (business.address, business.country) if part)
    role = label_of(BusinessRole, business.role)
    return f"{role}: {business.name}{names}{f', {place}' if place else ''}"


def texts_of(name: str, value: Any) -> list[str]:
    """What a field of `safety.NAMES` states, as texts; none where it states nothing."""
    if name == "measures":
        return [measure_text(each) for each in value]
    if name == "businesses":
        return [business_text(each) for each in value]
    if value in (None, ""):
        return []
    if name in _CHOICES:
        return [gettext(_CHOICES[name].get(value, value))]
    return [number_format(value, force_grouping=True) if isinstance(value, int) else str(value)]


def safety_of(version: RecallVersion, actor: Actor) -> list[tuple[str, list[str]]]:
    """What a version states of these fields, as (label, texts), in the order of pages. A platform does not see where the
    businesses are: an address can be a person's home."""
    values = {name: getattr(version, name) for name in NAMES}
    values["measures"] = [Measure(**row) for row in version.measures]
    values["businesses"] = [Business(**row) for row in businesses_for(version, actor)]
    found = ((name, texts_of(name, value)) for name, value in values.items())
    return [(SAFETY_LABELS[name], texts) for name, texts in found if texts]


def businesses_for(version: RecallVersion, actor: Actor) -> list[dict[str, Any]]:
    """The businesses of a version as the actor sees them."""
    if actor.platform_id is None:
        return version.businesses
    return [{**row, "address": ""} for row in version.businesses]
