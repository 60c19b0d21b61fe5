"""What the regulators' people do in the demo's past: answer, handle steps, send letters, name in public, overrule."""

from datetime import datetime, timedelta
from functools import partial

from enforcement import services
from enforcement.demo.agenda import Agenda
from enforcement.letters.services import seen_of
from enforcement.models import Appeal, Escalation, Letter, PublicListing
from enforcement.states import LetterStatus, PublicListingStatus, StepKind
from portal.identity.actors import Actor
from portal.models import User

LEFT_FOR_TODAY = timedelta(days=4)  # what came in since then still waits for the visitor


class Regulators:
    """The desks of the regulators; `look_around` plans what is done about letters and steps that are new."""

    def __init__(self, agenda: Agenda, until: datetime) -> None:
        self.agenda, self.until = agenda, until
        self._seen = {Letter: 0, Escalation: 0, PublicListing: 0}
        self._reviewed, self._named = 0, 0

    def staff(self, slug: str) -> tuple[Actor, Actor]:
        """The two officers of a regulator: who writes, and who approves and answers."""
        first, second = User.objects.filter(organisation__slug=slug, role="regulator_staff").order_by("pk")[:2]
        return Actor.person(first), Actor.person(second)

    def admin(self, slug: str) -> Actor:
        return Actor.person(User.objects.get(organisation__slug=slug, role="admin"))

    def look_around(self) -> None:
        """Plan what is done about each letter, step and public listing that was not there before."""
        if self.agenda.clock.at > self.until - LEFT_FOR_TODAY:
            return
        now = self.agenda.clock.at
        for letter in Letter.objects.filter(pk__gt=self._seen[Letter]).order_by("pk"):
            self._seen[Letter] = letter.pk
            self.agenda.add(now + timedelta(hours=3), partial(self._review, letter.pk))
        officers = Escalation.objects.filter(pk__gt=self._seen[Escalation], kind=StepKind.OFFICER)
        for step in officers.select_related("takedown__regulator").order_by("pk"):
            self._seen[Escalation] = step.pk
            self.agenda.add(now + timedelta(hours=2), partial(self._take_up, step))
        for naming in PublicListing.objects.filter(pk__gt=self._seen[PublicListing]).order_by("pk"):
            self._seen[PublicListing] = naming.pk
            self.agenda.add(now + timedelta(hours=5), partial(self._name, naming.pk))

    def answer_appeal(self, appeal: Appeal, *, grant: bool) -> None:
        _, second = self.staff(appeal.takedown.regulator.slug)
        answer = (
            "The photo of the label shows another model. The listing may return."
            if grant
            else "The label in the listing's photo shows the recalled model. The removal stands."
        )
        services.answer_appeal(appeal=appeal, grant=grant, answer=answer, actor=second)

    def _review(self, pk: int) -> None:
        letter = Letter.objects.select_related("escalation__takedown__regulator").get(pk=pk)
        if letter.status != LetterStatus.DRAFT:
            return
        first, _ = self.staff(letter.escalation.takedown.regulator.slug)
        self._reviewed += 1
        if self._reviewed % 3 == 0:
            reason = "The platform answered by phone and is taking the listing down."
            services.discard_letter(letter=letter, reason=reason, actor=first)
        else:
            services.send_letter(letter=letter, seen=seen_of(letter), actor=first)

    def _take_up(self, step: Escalation) -> None:
        _, second = self.staff(step.takedown.regulator.slug)
        services.acknowledge_escalation(escalation=step, note="Called the platform's contact.", actor=second)
        later = self.agenda.clock.at + timedelta(days=1)
        note = "The contact confirmed the deadline and named who takes the listing down."
        self.agenda.add(later, partial(services.resolve_escalation, escalation=step, note=note, actor=second))

    def _name(self, pk: int) -> None:
        naming = PublicListing.objects.select_related("escalation__takedown__regulator").get(pk=pk)
        if naming.status == PublicListingStatus.WITHDRAWN:
            return
        slug = naming.escalation.takedown.regulator.slug
        first, second = self.staff(slug)
        self._named += 1
        if self._named % 2:
            reason = "Three days after the deadline, and two letters without an answer."
            services.agree_to_public_listing(public_listing=naming, reason=reason, actor=first)
            naming.refresh_from_db()
            services.agree_to_public_listing(public_listing=naming, reason=reason, actor=second)
        else:
            reason = "The platform answered the letter. Public naming is not needed."
            services.withdraw_public_listing(public_listing=naming, reason=reason, actor=first)
