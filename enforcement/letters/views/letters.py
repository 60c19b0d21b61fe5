"""Letters: the list, one letter to edit, send or discard, and the templates."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.letters import texts
from enforcement.letters.filters import LetterFilter
from enforcement.letters.forms import LetterForm, TemplateForm
from enforcement.letters.services import seen_of, template_for
from enforcement.models import Letter, LetterTemplate
from enforcement.states import LetterStatus
from portal.http.cursors import keyset_page_of_parts
from portal.http.language import add_refusal, refusal_text, shown
from portal.http.requests import ActingRequest
from portal.models import Language, User
from portal.reason_forms import ReasonForm

SHOWN = 50


def letter_list(request: ActingRequest) -> HttpResponse:
    """Drafts to review first. A platform sees those sent to it."""
    rows = Letter.objects.visible_to(request.actor).select_related(
        "platform", "escalation__takedown__flag__listing", "escalation__takedown__flag__recall"
    )
    is_platform = request.actor.platform_id is not None
    found = LetterFilter(request.GET, rows, one_platform=is_platform)
    page = keyset_page_of_parts(found.qs.in_order(), request, size=SHOWN)
    context = {
        "page": page,
        "filter": found,
        "is_platform": is_platform,
        "may_write": request.actor.may("policy.edit"),
        "may_name": request.actor.may("public_listing.view"),
    }
    return render(request, "enforcement/letters/letters.html", context)


def letter(request: ActingRequest, pk: int) -> HttpResponse:
    """One letter; a reviewer edits its text (POST), sends it or discards it."""
    row = _letter(request, pk)
    may_review = request.actor.may("letter.review") and row.status == "draft"
    form = LetterForm(
        request.POST if request.method == "POST" else None, initial={"subject": row.subject, "body": row.body}
    )
    if request.method == "POST" and may_review and form.is_valid():
        services.edit_letter(letter=row, actor=request.actor, **form.cleaned_data)
        messages.success(request, gettext_noop("Draft saved. It is not sent yet."))
        return redirect("enforcement:letter", pk)
    context = {"letter": row, "form": form, "may_review": may_review}
    return render(request, "enforcement/letters/letter.html", context, status=422 if form.errors else 200)


def pdf(request: ActingRequest, pk: int) -> HttpResponse:
    """The letter as a PDF file."""
    row = _letter(request, pk)
    response = HttpResponse(services.letter_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="offshelf-letter-{row.pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def send(request: ActingRequest, pk: int) -> HttpResponse:
    """Show who receives what before a letter is sent (GET), and send what was shown (POST)."""
    row = _letter(request, pk)
    if request.method != "POST":
        if row.status != LetterStatus.DRAFT:
            return redirect("enforcement:letter", pk)
        people = User.objects.filter(organisation=row.platform, is_active=True).count()
        context = {"letter": row, "seen": seen_of(row), "people": people}
        return render(request, "enforcement/letters/letter_send.html", context)
    try:
        services.send_letter(letter=row, seen=request.POST.get("seen", ""), actor=request.actor)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(
            request, gettext("The letter is being sent to %(address)s.") % {"address": row.platform.contact_email}
        )
    return redirect("enforcement:letter", pk)


def discard(request: ActingRequest, pk: int) -> HttpResponse:
    row = _letter(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.discard_letter(letter=row, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext_noop("Discarded. The letter stays on record and is not sent."))
        return redirect("enforcement:letters")
    context = {
        "form": form,
        "title": gettext("Discard the letter to %(platform)s") % {"platform": row.platform},
        "text": gettext("The letter will not be sent. Escalation continues."),
        "submit": gettext("Discard letter"),
        "back": reverse("enforcement:letter", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def _letter(request: ActingRequest, pk: int) -> Letter:
    related = ("platform", "escalation__takedown__flag__listing", "escalation__takedown__flag__recall")
    return get_object_or_404(Letter.objects.visible_to(request.actor).select_related(*related), pk=pk)


def template(request: ActingRequest) -> HttpResponse:
    """The template of one language, with its earlier versions; saving creates a new version."""
    regulator = request.user.organisation
    language = request.POST.get("language") or request.GET.get("language") or Language.ENGLISH
    if language not in Language.values:
        language = Language.ENGLISH
    _, version, text = template_for(regulator, language)
    initial = {"language": language, "subject": text.subject, "body": text.body}
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.write_template(regulator=regulator, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, gettext("Saved as %(template)s. New letters will use it.") % {"template": _called(row)}
            )
            return redirect(f"{reverse('enforcement:letter_template')}?language={language}")
    context = {
        "form": form,
        "language": language,
        "languages": Language.choices,
        "version": version,
        "fields": texts.FIELDS.items(),
        "earlier": LetterTemplate.objects.filter(regulator=regulator, language=language),
    }
    return render(request, "enforcement/letters/letter_template.html", context, status=422 if form.errors else 200)


def _called(row: LetterTemplate) -> str:
    """A version of a template in the reader's language."""
    names = {"language": shown(row.get_language_display()), "version": row.version}
    return gettext("%(language)s, version %(version)s") % names
