"""What publishing a version in work would do, before it is done."""

from typing import Any

from recalls.effects import Effects
from recalls.models import RecallVersion
from recalls.services.content import RecallContent, content_of
from recalls.signals import version_previewed
from recalls.states import RecallStatus


def widens(before: RecallContent, after: RecallContent) -> bool:
    """Whether a version names what the one before it did not, in its fields or its description. Only then are catalogues
    matched again."""
    known = before.codes_in_text | {value for _, value in before.identifiers}
    return not (after.identifiers <= before.identifiers and after.codes_in_text <= known)


def effects_of(*, version: RecallVersion) -> Effects | None:
    """What publishing the next version of a published recall would do to its active notices; None where it would do
    nothing, as nothing changed or no notice is active. Writes nothing; bounded in time by those who count."""
    recall = version.recall
    if version.published_at is not None or recall.status != RecallStatus.PUBLISHED or recall.current is None:
        return None
    before, after = content_of(recall.current), content_of(version)
    notices = list(recall.notices.active().select_related("platform", "recall", "version").order_by("platform__name"))
    if before.digest == after.digest or not notices:
        return None
    effects = Effects(widens=widens(before, after))
    counted: list[tuple[Any, Any]] = version_previewed.send(
        sender=RecallVersion, version=version, notices=notices, widens=effects.widens
    )
    effects.notices = [row for _, found in counted for row in found or ()]
    return effects
