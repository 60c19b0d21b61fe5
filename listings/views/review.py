"""What the review of one flag shows: recall and listing side by side, the evidence, earlier decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from listings import past_removals, services
from listings.comparison import compare_rows
from listings.exclusion_scope import covering
from listings.forms import ANSWERED, CHOICES, DecisionForm, HandOverForm, NoteForm
from listings.matching import contested, share_right
from listings.models import Decision, Flag, Message
from listings.presenters import likeness_of, picture_of
from listings.returning import CHOSEN
from listings.signal_titles import TITLES
from listings.states import UNDECIDED, DecisionKind, FlagStatus
from listings.views.seller_links import links_of, may_give
from listings.views.thread import thread_context
from portal import audit
from portal.http.stored_texts import is_known
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from recalls import services as recalls
from recalls.presenters import first_picture_of

MAX_UNDOINGS = 3  # shown one by one
REPLIES = frozenset({DecisionKind.SELLER_ANSWERED, DecisionKind.SELLER_SILENT})


def evidence_rows(flag: Flag) -> list[dict[str, Any]]:
    """The evidence for, then against, strongest first. The `title` is for a sentence that no page can translate."""
    items = [item for item in flag.evidence if abs(item["weight"]) >= 0.05]
    titles = {item["says"]: "" if is_known(item["says"]) else TITLES.get(item["signal"], "") for item in items}
    return sorted(
        ({**item, "title": titles[item["says"]], "for": item["weight"] > 0} for item in items),
        key=lambda item: (not item["for"], -abs(item["weight"])),
    )


def _is_of_texts(flag: Flag) -> bool:
    """Whether the score is of texts alone, as those were that pairs were labelled by; not of a past removal, or where two
    recalls contest a number."""
    return {item["signal"] for item in flag.evidence}.isdisjoint({*past_removals.WEIGHTS, contested.SIGNAL})


def _waits(flag: Flag) -> bool:
    return flag.status == FlagStatus.SECOND_ASKED


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the seller; the decision that holds the reply, None where there is none yet; and what came through
    links from then until the next question. `question` is None for what came unasked."""

    question: Decision | None
    reply: Decision | None
    written: list[Message]


def _asked_of_seller(decisions: Iterable[Decision], written: Iterable[Message]) -> list[Asked]:
    """What the seller was asked, newest first, each with the replies. `decisions`, `written`: newest first."""
    found: list[Asked] = []
    reply: Decision | None = None
    rest = list(written)
    for decision in decisions:
        if decision.kind in REPLIES:
            reply = decision
        elif decision.kind == DecisionKind.ASK_SELLER:
            found.append(Asked(decision, reply, [message for message in rest if message.at >= decision.at]))
            rest = [message for message in rest if message.at < decision.at]
            reply = None
    return [*found, Asked(None, None, rest)] if rest else found


def _reopeners(flag: Flag, actor: Actor) -> list[User]:
    """Whom the regulator's staff can ask to reopen a dismissed flag; nobody is named to a platform."""
    if flag.status != FlagStatus.DISMISSED or actor.platform_id is not None or actor.may("flag.overrule"):
        return []
    return list(User.objects.filter(organisation=flag.regulator_id, role="admin", is_active=True).order_by("name"))


def _written_by_seller(flag: Flag, actor: Actor) -> list[Message]:
    rows = Message.objects.visible_to(actor).filter(flag=flag, seller_answer__isnull=False)
    return list(rows.select_related("seller_answer__link").prefetch_related("attachments").order_by("-pk"))


def _choices(flag: Flag) -> list[tuple[str, str, str]]:
    """The possible decisions, in the order of their keys."""
    asked = flag.status == FlagStatus.ASKED_SELLER
    return [ANSWERED if asked and choice[0] == DecisionKind.ASK_SELLER else choice for choice in CHOICES]


def _of_the_listing(flag: Flag, actor: Actor) -> list[Flag]:
    """Flags on the same listing under other recalls, newest first."""
    others = Flag.objects.visible_to(actor).filter(listing=flag.listing_id).exclude(pk=flag.pk)
    return list(others.select_related("recall").order_by("-pk")[:5])


def _seller_before(flag: Flag, actor: Actor) -> dict[str, int] | None:
    """How often the seller's other listings were flagged on the platform, and with what result; None where never."""
    others = Flag.objects.visible_to(actor).filter(platform=flag.platform_id, listing__seller=flag.listing.seller)
    counts = others.exclude(pk=flag.pk).aggregate(
        flags=Count("pk"),
        removed=Count("pk", filter=Q(status=FlagStatus.REMOVED)),
        restricted=Count("pk", filter=Q(status=FlagStatus.RESTRICTED)),
        dismissed=Count("pk", filter=Q(status=FlagStatus.DISMISSED)),
        relisted=Count("pk", filter=Q(relisted_from__isnull=False)),
    )
    return counts if counts["flags"] else None


def claim_context(flag: Flag, actor: Actor, hand_form: HandOverForm | None = None) -> dict[str, Any]:
    """Who holds the flag, and the form that hands it over: a new one, or the one that was refused."""
    held = (
        flag.claimed_by_id is not None and flag.claim_expires_at is not None and flag.claim_expires_at > timezone.now()
    )
    return {
        "held": held,
        "held_by_me": held and flag.claimed_by_id == actor.user_id,
        "held_by_other": held and flag.claimed_by_id != actor.user_id,
        "hand_form": hand_form or HandOverForm(people=services.colleagues(flag=flag, actor=actor)),
    }


def undo_context(actor: Actor) -> dict[str, Any]:
    """What `listings/_undo.html` needs: the actor's newest acts that can be undone, each with its decisions."""
    undoable = services.undoable_by(actor=actor)
    acts = [list(taken) for _, taken in groupby(undoable, key=lambda decision: decision.final_at)]
    return {"undoable": acts[:MAX_UNDOINGS], "undoable_all": undoable if len(acts) > MAX_UNDOINGS else []}


def _reopened(flag: Flag, decisions: Sequence[Decision], events: Sequence[AuditEvent]) -> AuditEvent | None:
    """The event that opened the flag again after a removal was claimed or confirmed, where nobody has decided it since."""
    found = next((event for event in events if event.action == "flag.reopened"), None)
    if found is None or flag.status != FlagStatus.OPEN or any(each.at > found.at for each in decisions):
        return None
    return found


def review_context(
    flag: Flag, actor: Actor, form: DecisionForm | None = None, *, chosen: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Everything the review pane needs; which forms it shows follows from what the actor may do. `chosen`: what the
    decision form begins with, from the address."""
    prefetch_related_objects([flag], "decisions")
    flag.notice.recall = flag.recall  # which asks for it otherwise
    takedown = getattr(flag, "takedown", None)
    subjects = [flag, flag.notice] + ([takedown] if takedown else [])
    like = (
        Flag.objects.visible_to(actor)
        .filter(listing__seller=flag.listing.seller, recall=flag.recall)
        .exclude(pk=flag.pk)
        .select_related("listing")
    )
    may_decide = actor.may("flag.decide") and flag.status in UNDECIDED
    decisions = list(flag.decisions.all())  # newest first
    asked = (decision for decision in decisions if decision.kind == DecisionKind.ASK_SECOND)
    second = next(asked, None) if _waits(flag) else None
    question = gettext(services.QUESTION) % services.question_words(flag)
    initial = {"reason": second.reason if second else "", "question": question}
    initial |= {name: chosen[name] for name in CHOSEN if chosen and chosen.get(name)}
    links = list(links_of(flag, actor))
    written = _written_by_seller(flag, actor) if any(link.answers for link in links) else []
    events = list(audit.events_about(*subjects).order_by("-id")[:25])
    return {
        "flag": flag,
        "revision": recalls.versions_in_work(recalls=[flag.recall_id], actor=actor).get(flag.recall_id),
        "rows": compare_rows(flag),
        "recall_picture": first_picture_of(flag.notice.version),
        "listing_picture": picture_of(flag.listing),
        "likeness": likeness_of(flag.listing, flag.notice.version) if flag.listing.image_link else None,
        "picture_changed": flag.listing_as_flagged.get("image_link", flag.listing.image_link)
        != flag.listing.image_link,
        "evidence": evidence_rows(flag),
        "share_right": share_right(flag.score) if flag.score and _is_of_texts(flag) else None,
        "takedown": takedown,
        "decisions": decisions,
        "asked_of_seller": _asked_of_seller(decisions, written),
        "seller_links": links,
        "may_give_link": may_give(flag, actor),
        "events": events,
        "reopened": _reopened(flag, decisions, events),
        "same_seller": like[:5] if flag.listing.seller else [],
        "same_listing": _of_the_listing(flag, actor),
        "seller": _seller_before(flag, actor) if flag.listing.seller else None,
        "may_decide": may_decide,
        "exclusions": covering(notice=flag.notice, listing=flag.listing)[:3] if may_decide else [],
        "second": second,
        "second_is_mine": second is not None and second.user_id == actor.user_id,
        "form": form or DecisionForm(initial=initial),
        "seen": services.seen_token(flag),
        "choices": [(number, *choice) for number, choice in enumerate(_choices(flag), 1)],
        **(claim_context(flag, actor) if may_decide else {}),
        **undo_context(actor),
        "may_answer": actor.may("flag.answer") and flag.status == FlagStatus.REFERRED,
        "asked_to_overrule": services.asked_to_overrule(flag) if flag.status == FlagStatus.DISMISSED else None,
        "may_overrule": actor.may("flag.overrule") and flag.status == FlagStatus.DISMISSED,
        "reopeners": _reopeners(flag, actor),
        "note_form": NoteForm(),
        **thread_context(flag, actor),
    }
