"""A recall as pages show it: its picture, what its publisher says beyond our fields, and the words for what would make
its listings easier to find."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from portal.identity.actors import Actor
from portal.media.thumbnails import Shown, known_of, shown
from portal.models import Thumbnail
from portal.units import in_units
from recalls.importers.registry import PUBLISHERS
from recalls.models import Picture, Recall, RecallVersion

ADVICE = (
    gettext_noop("Too little detail to match: listings may not be found. Add identifiers."),
    gettext_noop("Add the GTIN or UPC. It finds listings regardless of their titles."),
    gettext_noop("Enter the model numbers as fields of their product. They are now only in the text."),
    gettext_noop("Add the model numbers, in every notation that sellers use."),
    gettext_noop("Add the brand as sellers write it."),
    gettext_noop("Name the product more precisely. Its title has no word that distinguishes it from others."),
    gettext_noop("Add a picture for moderators to compare."),
)
"""What recalls.findability says, marked for translation here because that module knows nothing of Django."""


FACT_LABELS = {
    "publisher": gettext_noop("Publisher"),
    "kind": gettext_noop("Kind of notice"),
    "agency": gettext_noop("Agency"),
    "country": gettext_noop("Country"),
    "origin": gettext_noop("Country of origin"),
    "category": gettext_noop("Category"),
    "risk_level": gettext_noop("Risk level"),
    "risks": gettext_noop("Risks"),
    "measures": gettext_noop("Measures"),
    "scope": gettext_noop("Affected units"),
    "lots": gettext_noop("Lots"),
    "dates": gettext_noop("Date marks"),
    "made": gettext_noop("Produced"),
    "vehicles": gettext_noop("Vehicles"),
    "other_codes": gettext_noop("Other codes"),
    "text_models": gettext_noop("Models read in the text"),
    "serial_ranges": gettext_noop("Serial numbers read in the text"),
    "remarks": gettext_noop("Remarks"),
    "online_sellers": gettext_noop("Online sellers"),
    "advice": gettext_noop("Advice"),
    "options": gettext_noop("Remedy options"),
    "incidents": gettext_noop("Incidents"),
    "contact": gettext_noop("Contact"),
    "joint": gettext_noop("Joint recall with"),
    "joint_notices": gettext_noop("Notices of other regulators"),
    "company_notices": gettext_noop("Notices of the company"),
    "documents": gettext_noop("Documents"),
    "history": gettext_noop("Publisher's history"),
    "updated": gettext_noop("Last updated by the publisher"),
}
"""Labels for the names of recalls.importers.facts."""


EVIDENCE_LABELS = {
    "notice_named": gettext_noop("One notice names the other"),
    "joint_recall": gettext_noop("Joint recall with the other regulator"),
    "same_gtin": gettext_noop("Same GTIN"),
    "other_gtins": gettext_noop("Different GTINs"),
    "same_model": gettext_noop("Same model number"),
    "model_in_name": gettext_noop("Model number in the other notice"),
    "other_models": gettext_noop("Different model numbers"),
    "same_brand": gettext_noop("Same brand"),
    "other_brand": gettext_noop("Different brands"),
    "rare_words": gettext_noop("Same words that few products have"),
    "other_words": gettext_noop("Different words that few products have"),
    "same_kind": gettext_noop("Same kind of product"),
    "other_kind": gettext_noop("Different kind of product"),
    "same_days": gettext_noop("Days between the notices"),
    "years_apart": gettext_noop("Years between the notices"),
}
"""Labels for the signals of recalls.linking.score."""


_READ = {"risk_level": "risk_level", "measures": "measures", "incidents": "injury_details"}
"""Facts in a publisher's words that a field of ours has, where it states something."""


def evidence_of(evidence: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, bool]]:
    """The evidence of a lead as (label, values, whether it speaks for one product), the strongest first."""
    ordered = sorted(evidence, key=lambda each: -abs(each["weight"]))
    return [
        (EVIDENCE_LABELS.get(each["signal"], each["signal"]), ", ".join(each["values"]), each["weight"] > 0)
        for each in ordered
    ]


def facts_of(version: RecallVersion) -> list[tuple[str, list[str]]]:
    """What the publisher says beyond our fields, as (label, values), in the order of the labels."""
    facts = version.facts | {"publisher": PUBLISHERS.get(version.facts.get("publisher"), "")}
    return [
        (label, [value] if isinstance(value, str) else value)
        for name, label in FACT_LABELS.items()
        if (value := facts.get(name)) and not (name in _READ and getattr(version, _READ[name]))
    ]


def version_for(recall: Recall, actor: Actor) -> RecallVersion | None:
    """The version that the actor sees: a platform the one its notice pins, others the one in force."""
    if actor.platform_id is None:
        return recall.current
    notice = recall.notices.filter(platform_id=actor.platform_id).select_related("version").order_by("-pk").first()
    return notice.version if notice else None


def pictures_of(version: RecallVersion) -> list[tuple[Picture, Shown]]:
    """Every picture that a version names, with what we have of it."""
    pictures = list(version.pictures.all())
    known = known_of([picture.url for picture in pictures])
    return [(picture, _shown([picture], version, known)) for picture in pictures]


def first_picture_of(version: RecallVersion) -> Shown:
    """The first of a version's pictures that we have, or why we have none."""
    return _shown(list(version.pictures.all()), version)


def _shown(pictures: list[Picture], version: RecallVersion, known: dict[str, Thumbnail] | None = None) -> Shown:
    return shown(
        [(picture.url, reverse("recalls:picture", args=[picture.pk]), picture.caption) for picture in pictures],
        alt=version.title,
        none_named=gettext_noop("The recall has no pictures."),
        not_asked=gettext_noop("It is fetched when the recall is sent to a platform."),
        known=known,
    )


_STARTS = {
    "sent": gettext_noop("%(time)s after the notice is sent"),
    "delivered": gettext_noop("%(time)s after the notice is delivered"),
    "acknowledged": gettext_noop("%(time)s after the platform acknowledges the notice"),
}


def shown_terms(terms: Mapping[str, Any]) -> str:
    """A notice's terms in the language of the page; `recalls.terms.terms_in_words` says the same in English for the record."""
    time = in_units(terms["amount"], terms["unit"])
    if terms["unit"] == "working_days":
        part = f"-{terms['subdivision']}" if terms.get("subdivision") else ""
        time += f" ({terms['country']}{part}, {terms['time_zone']})"
    words = gettext(_STARTS[terms["starts_on"]]) % {"time": time}
    if terms.get("begins") == "next_working_day":
        words += gettext(", starting on the next working day")
    if terms.get("cut_off"):
        words += gettext("; times after %(cut_off)s count as the next working day") % {"cut_off": terms["cut_off"]}
    if terms["starts_on"] != "sent":
        latest = in_units(terms["start_latest_hours"], "hours")
        words += gettext("; the clock starts no later than %(time)s after sending") % {"time": latest}
    return words
