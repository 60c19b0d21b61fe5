"""How a recall version is read, and what the regulator corrects of it before publishing."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

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
    """The reading of what stands in the editor, with what was corrected of the version that is being written."""
    return read_recall(draft_text(number, content, corrections_of(version) if version else Corrections()))


def facts_of(reading: RecallReading) -> dict[str, list[str]]:
    """What a person can correct, as it stands in the text: brands, models, excluded models, GTINs."""
    return {
        "brands": [" ".join(sorted(name)) for name in reading.brand_names],
        "models": sorted({span.text for span in reading.all_models().values()}),
        "excluded": sorted(
            {span.text for span in reading.excluded.values()} | {no.text for _, no in reading.contested.values()}
        ),
        "gtins": sorted(reading.all_gtins()),
    }


def correct_reading(*, version: RecallVersion, facts: dict[str, list[str]], actor: Actor) -> ReadingCorrection:
    """Keep what `facts` say otherwise than the text was read; they win in every match of this version and of later ones.

    Only while the version is written: one in review, approved or published does not change. It counts as writing: who
    corrects cannot approve. Raises ValidationError that names the fact that cannot be one. Reversible by correcting again.
    """
    actor.require("recall.edit")
    if version.published_at is not None:
        raise ValidationError("The version in force cannot change. Revise the recall to correct how it is read.")
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
    errors = {}
    for name, given in facts.items():
        if len(given) > MAX_COUNT:
            errors[name] = f"{len(given)} lines: at most {MAX_COUNT}."
    if wrong := [given for given in facts["gtins"] if gtin14(given) is None]:
        errors["gtins"] = (
            f"{wrong[0]} is not a GTIN: it has 8, 12, 13 or 14 digits and a check digit; compare the label."
        )
    for name in ("models", "excluded"):
        if wrong := [given for given in facts[name] if len(canonical_model(given)) < 2]:
            errors[name] = f"“{wrong[0]}” is no model number: give two letters or digits at least."
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
