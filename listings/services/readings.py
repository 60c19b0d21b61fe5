"""The facts that matching finds in a recall version, and the regulator's corrections before publishing."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from listings.matching import Corrections, RecallReading, read_recall
from listings.matching.identifiers import gtin14
from listings.matching.normalise import canonical_model, words_of
from listings.matching_texts import corrections_of, draft_text, recall_text
from listings.models import ReadingCorrection
from portal import audit
from portal.identity.actors import Actor
from recalls import services as recalls
from recalls.models import RecallVersion
from recalls.services import RecallContent

MAX_COUNT = 500  # facts of one kind that a person may give


def read_version(version: RecallVersion, *, corrected: bool = True) -> RecallReading:
    """The reading of any version, in draft or in force; without its corrections where `corrected` is False."""
    return read_recall(recall_text(version, corrections_of(version) if corrected else Corrections()))


def read_draft(content: RecallContent, *, number: str, version: RecallVersion | None) -> RecallReading:
    """The reading of the text in the editor, with the corrections of the version that is being written."""
    return read_recall(draft_text(number, content, corrections_of(version) if version else Corrections()))


def facts_of(reading: RecallReading) -> dict[str, list[str]]:
    """The facts that a person can correct, as written in the text: brands, models, excluded models, GTINs."""
    return {
        "brands": [" ".join(sorted(name)) for name in reading.brand_names],
        "models": sorted({span.text for span in reading.all_models().values()}),
        "excluded": sorted(
            {span.text for span in reading.excluded.values()} | {no.text for _, no in reading.contested.values()}
        ),
        "gtins": sorted(reading.all_gtins()),
    }


def correct_reading(*, version: RecallVersion, facts: dict[str, list[str]], actor: Actor) -> ReadingCorrection:
    """Store where `facts` differ from the reading of the text; they override it in every match of this and later
    versions.

    Only for a draft: a version in review, approved or published does not change. Correcting counts as writing, so
    whoever corrects cannot approve. Raises ValidationError that names an invalid fact. Reversed by correcting again.
    """
    actor.require("recall.edit")
    if version.published_at is not None:
        raise ValidationError(
            gettext_noop("The version in force cannot be changed. To correct its facts, revise the recall.")
        )
    _require_valid(facts)
    read = facts_of(read_version(version, corrected=False))
    content = {
        name: _difference(read[name], facts[name], _canonical(name))
        for name in ("brands", "models", "excluded", "gtins")
    }
    with transaction.atomic():
        recalls.hold_for_writing(version=version, actor=actor)
        kept, _ = ReadingCorrection.objects.update_or_create(
            version=version, defaults={"content": content, "made_by": actor.label}
        )
        audit.record(actor=actor, action="reading.corrected", subject=version.recall, after=content)
    return kept


def _require_valid(facts: dict[str, list[str]]) -> None:
    errors: dict[str, ValidationError] = {}
    for name, given in facts.items():
        if len(given) > MAX_COUNT:
            detail = gettext_noop("Enter at most %(most)s lines. You entered %(count)s.")
            errors[name] = ValidationError(detail, params={"most": MAX_COUNT, "count": len(given)})
    if wrong := [given for given in facts["gtins"] if gtin14(given) is None]:
        detail = gettext_noop(
            "%(given)s is not a GTIN. A GTIN has 8, 12, 13 or 14 digits, the last one a check digit. Check the label."
        )
        errors["gtins"] = ValidationError(detail, params={"given": wrong[0]})
    for name in ("models", "excluded"):
        if wrong := [given for given in facts[name] if len(canonical_model(given)) < 2]:
            detail = gettext_noop("“%(given)s” is not a model number. Enter at least 2 letters or digits.")
            errors[name] = ValidationError(detail, params={"given": wrong[0]})
    if errors:
        raise ValidationError(errors)


def _canonical(name: str) -> Callable[[str], object]:
    if name == "brands":
        return lambda given: frozenset(words_of(given))
    return gtin14 if name == "gtins" else canonical_model


def _difference(read: Iterable[str], wanted: Iterable[str], canonical: Callable[[str], object]) -> dict[str, list[str]]:
    before = {canonical(each): each for each in read}
    after = {canonical(each): each for each in wanted}
    return {
        "add": [each for value, each in after.items() if value not in before],
        "drop": [each for value, each in before.items() if value not in after],
    }
