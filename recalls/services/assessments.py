"""The risk assessment of a recall and its second signature. A missing signature stops no notice; it is said where one is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import User
from portal.notifications.outbox import notify, still_at
from portal.transitions import IllegalTransition, LostRace
from recalls.models import Recall, RecallVersion, RiskAssessment
from recalls.states import RecallStatus

NO_LEVEL = gettext_noop("State the risk level of this version before you assess it.")
CHANGED = gettext_noop("The assessment changed after you opened it. Read it again before you sign it.")
NOT_YOURS = gettext_noop("Someone who did not write this assessment must sign it.")


@dataclass(frozen=True, slots=True)
class Risk:
    """The risk level of a version, and what there is to show for it: `state` is unstated, unassessed (nobody wrote an
    assessment), other_level (the assessment is of another level), unsigned or signed."""

    level: str
    assessment: RiskAssessment | None

    @property
    def state(self) -> str:
        if not self.level:
            return "unstated"
        if self.assessment is None:
            return "unassessed"
        if self.assessment.risk_level != self.level:
            return "other_level"
        return "signed" if self.assessment.signed_at else "unsigned"


def open_versions(recall: Recall) -> list[RecallVersion]:
    """The versions that can be assessed: the one in force, and the one in work."""
    pending = recall.versions.filter(published_at=None)
    return list({each.pk: each for each in (recall.current, *pending) if each is not None}.values())


def risk_of(version: RecallVersion) -> Risk:
    """With the newest assessment of this version or an earlier one."""
    rows = RiskAssessment.objects.filter(version__recall=version.recall_id, version__version__lte=version.version)
    rows = rows.select_related("assessed_by", "signed_by", "version").order_by("-version__version")
    return Risk(version.risk_level, rows.first())


def unsigned_risks(recalls: Iterable[Recall]) -> list[Recall]:
    """Those of published recalls that state a risk level for which no signed assessment holds; two queries for all."""
    recalls = list(recalls)
    stating = RecallVersion.objects.filter(pk__in=[recall.current_id for recall in recalls]).exclude(risk_level="")
    levels = dict(stating.values_list("recall_id", "risk_level"))
    rows = RiskAssessment.objects.filter(
        version__recall__in=levels, version__version__lte=F("version__recall__current__version")
    )
    newest = {row.version.recall_id: row for row in rows.select_related("version").order_by("version__version")}
    return [
        recall
        for recall in recalls
        if recall.pk in levels and Risk(levels[recall.pk], newest.get(recall.pk)).state != "signed"
    ]


def may_sign(assessment: RiskAssessment | None, actor: Actor) -> bool:
    """Whether `actor` is one of the regulator's staff who may review, and wrote nothing of the assessment."""
    if assessment is None or actor.user_id is None or not actor.may("recall.review"):
        return False
    return actor.user_id != assessment.assessed_by_id and not assessment.writers.filter(pk=actor.user_id).exists()


def assess_risk(*, version: RecallVersion, text: str, actor: Actor) -> RiskAssessment:
    """Write why a version has its risk level, or rewrite that: a change takes the signature away, and whoever may sign is
    notified. Saying the same again changes nothing.

    Raises ValidationError without a text or a level, IllegalTransition for a version that another one followed or a
    recall that is withdrawn.
    """
    actor.require("recall.edit")
    text = "\n".join(text.split("\r\n")).strip()  # a browser's line ends are no change
    if not text:
        raise ValidationError({"text": gettext_noop("Enter the assessment.")})
    with transaction.atomic():
        version = _held(version, actor)
        if not version.risk_level:
            raise ValidationError({"text": NO_LEVEL})
        held = risk_of(version).assessment
        if held is not None and (held.text, held.risk_level) == (text, version.risk_level):
            return held
        row = held if held is not None and held.version_id == version.pk else None
        before = _said(row)
        row = row or RiskAssessment(version=version)
        row.text, row.risk_level = text, version.risk_level
        row.assessed_by_id, row.assessed_at = actor.user_id, timezone.now()  # type: ignore[assignment]
        row.signed_by = row.signed_at = None
        row.save()
        row.writers.add(*_writers(held, version.risk_level), actor.user_id)  # type: ignore[arg-type]
        recall = version.recall
        audit.record(actor=actor, action="recall.risk_assessed", subject=recall, before=before, after=_said(row))
        notify(
            people=[one for one in still_at(recall.regulator_id, signers_of(row)) if one.pk != actor.user_id],
            key=f"recall:{recall.pk}:assessed:{row.assessed_at.timestamp()}",
            subject=f"The risk assessment of recall {recall.number} waits for a second signature: {version.title}",
            body=actor.label,
            link=reverse("recalls:assessment", args=[recall.pk]),
        )
    return row


def sign_assessment(*, version: RecallVersion, actor: Actor, seen: datetime | None = None) -> RiskAssessment:
    """Sign the assessment that a version has, as another person than who wrote on it. `seen` is its `assessed_at` as the
    signer read it.

    Raises PermissionDenied for its writers, LostRace where it changed since `seen`, IllegalTransition where there is none,
    where it is of another level than the version, or where it is signed already.
    """
    actor.require("recall.review")
    with transaction.atomic():
        version = _held(version, actor)
        found = risk_of(version)
        row = found.assessment
        if row is None:
            raise IllegalTransition(gettext_noop("There is no risk assessment to sign. Write one first."))
        if not may_sign(row, actor):
            raise PermissionDenied(NOT_YOURS)
        if seen is not None and seen != row.assessed_at:
            raise LostRace(CHANGED)
        if found.state == "signed":
            raise IllegalTransition(gettext_noop("The risk assessment is already signed."))
        if found.state != "unsigned":
            raise IllegalTransition(gettext_noop("The risk level changed since the assessment. Assess it again first."))
        before = _said(row)
        row.signed_by_id, row.signed_at = actor.user_id, timezone.now()
        row.save(update_fields=["signed_by", "signed_at"])
        audit.record(actor=actor, action="recall.risk_signed", subject=version.recall, before=before, after=_said(row))
    return row


def drop_signature(*, version: RecallVersion, actor: Actor) -> None:
    """Take the signature of a version's own assessment away, as its risk level is another one now. Inside the transaction
    of that change."""
    row = RiskAssessment.objects.select_for_update().filter(version=version).exclude(signed_at=None).first()
    if row is None:
        return
    before = _said(row)
    row.signed_by = row.signed_at = None
    row.save(update_fields=["signed_by", "signed_at"])
    audit.record(
        actor=actor, action="recall.signature_dropped", subject=version.recall, before=before, after=_said(row)
    )


def signers_of(row: RiskAssessment) -> list[User]:
    """The regulator's staff who wrote nothing of an assessment, by name."""
    staff = User.objects.filter(
        organisation=row.version.recall.regulator_id, role="regulator_staff", is_active=True, locked_at=None
    )
    writers = [row.assessed_by_id, *row.writers.values_list("pk", flat=True)]
    return list(staff.exclude(pk__in=writers).order_by("name"))


def _held(version: RecallVersion, actor: Actor) -> RecallVersion:
    """The version with its recall, locked. Only a person of its regulator assesses and signs."""
    recall = Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=version.recall_id)
    if actor.user_id is None or actor.regulator_id != recall.regulator_id:
        raise PermissionDenied(gettext_noop("Only staff of the regulator can assess a risk and sign the assessment."))
    version = RecallVersion.objects.select_related("recall").get(pk=version.pk)
    if recall.status == RecallStatus.WITHDRAWN:
        raise IllegalTransition(gettext_noop("The recall is withdrawn, so its risk assessment cannot change."))
    if version.published_at is not None and version.pk != recall.current_id:
        detail = gettext_noop("Version %(version)s was replaced. Assess the version in force.")
        raise IllegalTransition(detail, {"version": version.version})
    return version


def _writers(before: RiskAssessment | None, level: str) -> list[int]:
    """Who wrote what is rewritten now: also that of the version before, while it is about the same level."""
    if before is None or before.risk_level != level:
        return []
    return list(before.writers.values_list("pk", flat=True))


def _said(row: RiskAssessment | None) -> dict[str, object]:
    if row is None:
        return {}
    return {
        "version": row.version.version,
        "risk_level": row.risk_level,
        "assessment": row.text[:2000],
        "signed_by": row.signed_by_id,
    }
