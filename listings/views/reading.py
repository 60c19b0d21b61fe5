"""The facts that matching finds in a recall, each with its place in the text, and the form that corrects them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from listings import services
from listings.forms import ReadingForm
from listings.matching import RecallReading
from listings.matching.identifiers import wrong_gtins_in
from listings.presenters import contradictions_in
from listings.querysets import seen_in_catalogues
from portal.http.language import add_refusal, shown
from portal.http.requests import ActingRequest
from portal.texts import key_in
from recalls.forms import content_so_far
from recalls.models import Recall
from recalls.views.editor import editor_of, editor_page

WANTED = (
    "Brands",
    "Model numbers",
    "GTINs",
)  # without them a recall hardly finds listings, so the page says which are missing
COMMON_FROM = 200  # listings that share a word, from which it is weak evidence


def reading(request: ActingRequest, pk: int) -> HttpResponse:
    """The draft, where there is one; or else the version in force, which cannot be corrected."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor).select_related("current"), pk=pk)
    version = recall.versions.filter(published_at=None).select_related("recall").first() or recall.current
    if version is None:
        raise Http404
    may_correct = request.actor.may("recall.edit") and version.is_open_to_change
    read = services.read_version(version)
    facts = services.facts_of(read)
    form = ReadingForm(request.POST or None, initial={name: "\n".join(given) for name, given in facts.items()})
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_reading(version=version, facts=form.facts(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Corrections saved. Matching uses them for this version."))
            return redirect("listings:reading", pk)
    context = {
        "recall": recall,
        "version": version,
        "facts": found_in(read),
        "contradictions": contradictions_in(read),
        "places": _places(read),
        "description": read.text.description,
        "rarity": rarity_of(read),
        "form": form,
        "may_correct": may_correct,
    }
    return render(request, "listings/reading.html", context, status=422 if form.errors else 200)


@require_POST
def preview(request: ActingRequest) -> HttpResponse:
    """The facts in the text of the recall editor: beside the form while the person writes, or in the editor shown
    again.

    Stores nothing. The field `recall` says which recall is being edited; without it a new one is written.
    """
    given = request.POST.get("recall", "")
    recall = version = None
    if given:
        own = Recall.objects.visible_to(request.actor)
        recall = get_object_or_404(own, pk=key_in(given) or 0)
        version = get_object_or_404(recall.versions, published_at=None)
    forms = editor_of(request.POST, version)
    content, wrong = content_so_far(forms.form, forms.products)
    number = recall.number if recall else str(forms.form["number"].value() or "")
    read = services.read_draft(content, number=number, version=version)
    text = f"{content.title}\n{content.description}"
    wrong += [
        gettext("The text has %(digits)s with a wrong check digit. Check the label.") % {"digits": digits}
        for digits in wrong_gtins_in(text)
    ]
    rows = found_in(read)
    context = {
        "read": [row for row in rows if row["items"]],
        "none_of": [shown(row["label"]) for row in rows if row["label"] in WANTED and not row["items"]],
        "wrong_gtins": wrong,
        "contradictions": contradictions_in(read),
        "findability": content.findability,
        "places": _places(read),
        "read_description": read.text.description,
    }
    if request.htmx:
        return render(request, "listings/_reading.html", context | {"recall": recall, "live": True})
    forms.forget_errors()
    return editor_page(request, forms, recall, status=200, **context)


def _places(read: RecallReading) -> list[tuple[int, int]]:
    """The places of the description that facts were read from."""
    return [(span.start, span.end) for span in spans_of(read) if span.field == "recall description"]


def spans_of(read: RecallReading) -> list[Any]:
    doubtful = [span for both in read.contested.values() for span in both]
    found = [*read.models.values(), *read.excluded.values(), *doubtful, *read.gtins.values(), *read.beginnings.values()]
    return sorted(span for span in found if span.text)


def found_in(read: RecallReading) -> list[dict[str, Any]]:
    """Kind of fact → what was read, and whether from the text or from a person."""

    def row(label: str, spans: dict[str, Any]) -> dict[str, Any]:
        items = [{"text": span.text, "from": span.field} for span in dict.fromkeys(spans.values())]
        return {"label": label, "items": items[:40], "more": max(0, len(items) - 40)}

    rows = [
        row(gettext_noop("Brands"), read.brands),
        row(gettext_noop("Model numbers"), read.all_models()),
        row(gettext_noop("Model number prefixes"), read.beginnings),
    ]
    rows += [
        row(gettext_noop("Not recalled"), read.excluded),
        row(gettext_noop("GTINs"), read.all_gtins()),
        row(gettext_noop("Names in the text"), read.described),
    ]
    around = read.circumstances
    for label, spans in (
        (gettext_noop("Lots and dates"), around.lots),
        (gettext_noop("Colours"), around.colours),
        (gettext_noop("Sales dates"), around.sold_when),
        (gettext_noop("Sales places"), around.sold_where),
        (gettext_noop("Model number suffixes"), read.endings.values()),
    ):
        rows.append(row(label, {span.text: span for span in spans}))
    for product in read.products:
        kinds = ", ".join(sorted(product.parts.product_types or product.parts.heads))
        words = sorted({word for line in product.parts.lines for word in line})
        sizes = [size.span.text for size in product.sizes]
        items = [{"text": text, "from": "product"} for text in (kinds, *words, *sizes) if text]
        rows.append({"label": gettext("Product: %(name)s") % {"name": product.name[:80]}, "items": items, "more": 0})
    return rows


def rarity_of(read: RecallReading) -> list[dict[str, Any]]:
    """Each fact that listings are found by, with how many stored listings share it: the fewer, the stronger the
    evidence."""
    keys = {f"m:{number}": number for number in read.all_models()} | {f"g:{gtin}": gtin for gtin in read.all_gtins()}
    words = {word for product in read.products for word in product.name_words} | read.brands.keys()
    keys |= {f"w:{word}": word for word in words}
    counts = seen_in_catalogues(sorted(keys)[:200])
    return [{"fact": keys[key], "count": count, "little": count > COMMON_FROM} for key, count in counts.items()]
