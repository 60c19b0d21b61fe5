"""The messages of one flag as the review shows them, and how many of each flag a person has not read."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from listings import services
from listings.forms import MessageForm
from listings.models import Flag, Message, MessagesRead
from portal.identity.actors import Actor

SHOWN = 50  # the newest; the flag's own page shows all on request


def form_for(flag: Flag, actor: Actor, *args: Any) -> MessageForm:
    """The form of a new message: bound to what is given, with the names of both sides."""
    sides = [flag.platform.name, flag.recall.regulator.name]
    own, other = sides if actor.organisation_id == flag.platform_id else reversed(sides)
    people = services.people_of(flag).exclude(pk=actor.user_id or 0)
    return MessageForm(*args, people=people, own=own, other=other)


def thread_context(flag: Flag, actor: Actor, *, form: MessageForm | None = None, every: bool = False) -> dict[str, Any]:
    """What `listings/_messages.html` needs: the messages that the actor may see, oldest first."""
    if not actor.may("message.view"):
        return {}
    rows = Message.objects.visible_to(actor).filter(flag=flag).select_related("organisation", "seller_answer__link")
    newest = rows.prefetch_related("attachments", "mentioned").order_by("-pk")
    found = list(newest if every else newest[: SHOWN + 1])
    total = rows.count() if len(found) > SHOWN else len(found)  # a short thread needs no count
    shown = list(reversed(found if every else found[:SHOWN]))
    read_up_to = _read_up_to(flag, actor) if shown else 0
    new = [row for row in shown if row.pk > read_up_to and row.user_id != actor.user_id]
    return {
        "thread": shown,
        "thread_total": total,
        "thread_new": {row.pk for row in new},
        "thread_last": shown[-1].pk if shown else 0,
        "message_form": (form or form_for(flag, actor)) if actor.may("message.post") else None,
    }


def _read_up_to(flag: Flag, actor: Actor) -> int:
    row = MessagesRead.objects.filter(flag=flag, person_id=actor.user_id).first()
    return row.up_to if row else 0


def with_unread(flags: QuerySet[Flag], actor: Actor) -> QuerySet[Flag]:
    """The flags with `unread`: how many messages on each the person behind the actor has not read. No query of its own."""
    read = MessagesRead.objects.filter(flag=OuterRef(OuterRef("pk")), person_id=actor.user_id).values("up_to")
    rows = Message.objects.visible_to(actor).filter(flag=OuterRef("pk"), pk__gt=Coalesce(Subquery(read), 0))
    count = (
        rows.exclude(user_id=actor.user_id or 0).order_by().values("flag").annotate(count=Count("pk")).values("count")
    )
    return flags.annotate(unread=Coalesce(Subquery(count), 0))
