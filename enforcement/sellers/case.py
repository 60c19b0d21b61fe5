"""What a seller is shown of one case: what the recall says in public, what was found in the listing, and their own answers.

Each fact is chosen here by name. Scores, notes, names of people, other listings and other platforms are not among them, and
nothing that is added to flags or evidence later appears by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop

from enforcement.models import Appeal, Takedown
from enforcement.sellers.services import may_contest
from listings import services as listings
from listings.models import Flag, SellerAnswer, SellerLink
from listings.signal_titles import TITLES
from listings.states import CLAIMED, DecisionKind, FlagStatus, SellerAct

MAX_SHOWN = 1_500  # characters of a text of the recall
MAX_DETAILS = 12

FOR_SELLERS = frozenset({
    "same_gtin", "same_model", "same_model_and_brand", "same_short_model", "model_in_description", "same_brand",
    "misspelled_brand", "same_product_type", "contains_component", "name_line", "name_words", "name_whole", "name_plain",
    "title_fits", "described", "described_line", "same_size", "model_variant",
})  # fmt: skip
"""Signals that are about this listing and the recall alone. How a disguise was seen through, and what speaks against a
match, helps whoever wants to pass; what a seller sold before, and pictures, are about other listings."""

STANDING = {
    FlagStatus.OPEN: gettext_noop("The marketplace is checking your listing. It has not decided yet."),
    FlagStatus.ASKED_SELLER: gettext_noop("The marketplace waits for your answer before it decides."),
    FlagStatus.REFERRED: gettext_noop("The marketplace is checking your listing. It has not decided yet."),
    FlagStatus.SECOND_ASKED: gettext_noop("The marketplace is checking your listing. It has not decided yet."),
    FlagStatus.CLAIMED_REMOVED: gettext_noop("The marketplace has taken your listing down."),
    FlagStatus.REMOVED: gettext_noop("The marketplace has taken your listing down."),
    FlagStatus.CLAIMED_RESTRICTED: gettext_noop(
        "The marketplace no longer shows your listing where the recall applies."
    ),
    FlagStatus.RESTRICTED: gettext_noop("The marketplace no longer shows your listing where the recall applies."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that listing and recall have in common, with the words of each where there are some."""

    title: str
    recall: str
    listing: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the platform asked, and until when an answer counts; `due_at` is None for a question that no longer waits."""

    text: str
    asked_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that came through this link, with the appeal that it became, if it did."""

    answer: SellerAnswer
    appeal: Appeal | None


def case_of(link: SellerLink) -> dict[str, Any]:
    """The context of the page behind a link."""
    flag, version = link.flag, link.flag.notice.version
    questions = _questions(flag)
    given = _given(link)
    return {
        "link": link,
        "platform": flag.platform.name,
        "regulator": flag.regulator.name,
        "standing": STANDING.get(FlagStatus(flag.status), ""),
        "is_down": flag.status in CLAIMED or flag.status in {FlagStatus.REMOVED, FlagStatus.RESTRICTED},
        "listing": _listing(flag),
        "recall": {
            "number": flag.recall.number,
            "title": version.title,
            "url": version.url,
            "date": flag.recall.recalled_on,
        },
        "facts": [(label, text[:MAX_SHOWN]) for label, text in _facts(flag) if text],
        "findings": list(_findings(flag.evidence))[:MAX_DETAILS],
        "questions": questions,
        "given": given,
        "acts": acts_of(link, has_question=bool(questions)),
    }


def acts_of(link: SellerLink, *, has_question: bool) -> list[tuple[str, str]]:
    """What the seller can do now, as choices of a form; contesting only where an appeal can be made."""
    takedown = Takedown.objects.get(flag_id=link.flag_id)
    answer = gettext_noop("Answer the question") if has_question else gettext_noop("Write to the marketplace")
    choices = [(SellerAct.ANSWER.value, gettext(answer))]
    if may_contest(takedown):
        detail = gettext("Appeal: my listing is not the recalled product. The authority decides")
        choices.append((SellerAct.CONTEST.value, detail))
    proof = gettext("Send proof: I have corrected the listing, or the products are repaired, returned or disposed of")
    return [*choices, (SellerAct.PROOF.value, proof)]


def _listing(flag: Flag) -> dict[str, str]:
    shown = flag.listing_as_flagged
    return {
        "id": flag.listing.external_id,
        "title": str(shown.get("title") or flag.listing.title),
        "link": str(shown.get("link") or flag.listing.link),
    }


def _facts(flag: Flag) -> list[tuple[str, str]]:
    version, product = flag.notice.version, flag.product
    facts = [(gettext("Product"), product.name), (gettext("Brand"), product.brand)] if product else []
    if product:
        facts += [(gettext("Models"), ", ".join(product.model_numbers)), ("GTIN", ", ".join(product.gtins))]
    return [*facts, (gettext("Hazard"), version.hazard), (gettext("Remedy"), version.remedy)]


def _findings(evidence: Iterable[Mapping[str, Any]]) -> Iterable[Finding]:
    strongest = sorted(evidence, key=lambda item: -item["weight"])
    for item in strongest:
        if item["signal"] in FOR_SELLERS and item["weight"] > 0:
            recall, listing = (str((item.get(side) or {}).get("text", "")) for side in ("recall_span", "listing_span"))
            yield Finding(TITLES[item["signal"]], recall, listing)


def _questions(flag: Flag) -> list[Question]:
    """What was asked, newest first. A question that was taken from an internal note, as earlier ones could be, is not
    shown: the usual one stands for it."""
    undone = flag.decisions.filter(kind=DecisionKind.UNDONE).values("overrides")
    asked = flag.decisions.filter(kind=DecisionKind.ASK_SELLER).exclude(pk__in=undone).order_by("-pk")
    usual = gettext(listings.QUESTION) % listings.question_words(flag)
    waits = flag.status == FlagStatus.ASKED_SELLER
    found = []
    for place, decision in enumerate(asked):
        is_own = decision.question and decision.question != decision.note
        text = decision.question if is_own and decision.question != listings.question_for(flag) else usual
        found.append(Question(text, decision.at, flag.seller_due_at if waits and place == 0 else None))
    return found


def _given(link: SellerLink) -> list[Given]:
    rows = (
        link.given_answers.select_related("message", "appeal").prefetch_related("message__attachments").order_by("-pk")
    )
    return [Given(row, getattr(row, "appeal", None)) for row in rows]
