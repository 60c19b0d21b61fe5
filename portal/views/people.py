"""People and organisations, for admins and operators; keys."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from portal import services
from portal.forms import KeyForm, LeavingForm, NewPersonForm, OrganisationForm, PersonForm
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.identity import api_keys
from portal.list_exports import exact_people, people_found
from portal.models import ApiKey, Organisation, User
from portal.reason_forms import ReasonForm
from portal.texts import key_in


def people(request: ActingRequest) -> HttpResponse:
    found = people_found(request.actor, request.GET)
    page = keyset_page(found, request, ordering=["name", "pk"], exact=exact_people(found, request.GET))
    return render(request, "portal/people.html", {"page": page, "q": request.GET.get("q", "").strip()})


def person_add(request: ActingRequest) -> HttpResponse:
    organisations = Organisation.objects.managed_by(request.actor)
    chosen = key_in(request.GET.get("organisation", ""))
    form = NewPersonForm(request.POST or None, organisations=organisations, initial={"organisation": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            person = services.invite_person(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("An invitation was sent to %(email)s.") % {"email": person.email})
            return redirect("portal:people")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext_noop("Invite a person"), "submit": gettext_noop("Send invitation")},
        status=422 if form.errors else 200,
    )


def person_edit(request: ActingRequest, pk: int) -> HttpResponse:
    """Who leaves their place by it, and made API keys that still work, is asked about: all are revoked unless unticked."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    made = api_keys.usable_keys_of(person)
    asked, managed = "asked" in request.POST, Organisation.objects.managed_by(request.actor)
    form = (
        LeavingForm(request.POST, instance=person, made=made, organisations=managed)
        if asked
        else PersonForm(request.POST or None, instance=person, organisations=managed)
    )
    if request.method == "POST" and form.is_valid():
        fresh, changes = User.objects.get(pk=pk), form.changes
        if made and not asked and services.leaves(fresh, **changes):
            for name, value in changes.items():
                setattr(fresh, name, value)
            return _ask_about_keys(request, fresh, LeavingForm(instance=fresh, made=made, organisations=managed))
        try:
            kept = form.kept if isinstance(form, LeavingForm) else ()
            services.edit_person(person=fresh, actor=request.actor, keep_keys=kept, **changes)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": fresh.name})
            return redirect("portal:people")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Edit %(name)s") % {"name": person.name}, "submit": gettext_noop("Save")},
        status=422 if form.errors else 200,
    )


def _ask_about_keys(request: ActingRequest, person: User, form: LeavingForm) -> HttpResponse:
    context = {
        "form": form,
        "title": gettext("Revoke the API keys of %(name)s?") % {"name": person.name},
        "text": gettext(
            "Keys keep working after the person who created them leaves. You cannot undo revoking, but you can create a new key."
        ),
        "submit": gettext("Save and revoke selected keys"),
        "back": reverse("portal:person_edit", args=[person.pk]),
    }
    return render(request, "components/confirm.html", context)


def organisations(request: ActingRequest) -> HttpResponse:
    """Those that the reader manages have links to their settings; of platforms a regulator sees how to reach them."""
    page = keyset_page(Organisation.objects.visible_to(request.actor), request, ordering=["name", "pk"])
    managed = set(Organisation.objects.managed_by(request.actor).filter(pk__in=[row.pk for row in page.rows]))
    context = {"page": page, "managed": managed, "may_add": request.actor.may("organisation.manage")}
    return render(request, "portal/organisations.html", context)


def organisation_add(request: ActingRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = services.create_organisation(actor=request.actor, **form.cleaned_data)
        messages.success(request, gettext("%(name)s is added. Invite its first person next.") % {"name": organisation})
        return redirect(f"{reverse('portal:person_add')}?organisation={organisation.pk}")
    return render(
        request,
        "portal/form.html",
        {
            "form": form,
            "title": gettext_noop("Add a platform or regulator"),
            "submit": gettext_noop("Add organisation"),
        },
        status=422 if form.errors else 200,
    )


def organisation_edit(request: ActingRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.managed_by(request.actor), pk=pk)
    form = OrganisationForm(request.POST or None, instance=organisation)
    del form.fields["kind"]
    if request.method == "POST" and form.is_valid():
        stored = Organisation.objects.get(pk=pk)
        try:
            services.edit_organisation(organisation=stored, actor=request.actor, **form.changes)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": stored})
            return redirect("portal:organisations")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Edit %(name)s") % {"name": organisation}, "submit": gettext_noop("Save")},
        status=422 if form.errors else 200,
    )


def organisation_suspension(request: ActingRequest, pk: int) -> HttpResponse:
    """Suspend an organisation, or end its suspension, with a reason."""
    organisation = get_object_or_404(Organisation.objects.managed_by(request.actor), pk=pk)
    is_suspended = organisation.suspended_at is not None
    act = services.resume_organisation if is_suspended else services.suspend_organisation
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(organisation=organisation, actor=request.actor, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": organisation})
            return redirect("portal:organisations")
    title = gettext("End the suspension of %(name)s") if is_suspended else gettext("Suspend %(name)s")
    context = {
        "form": form,
        "title": title % {"name": organisation},
        "text": gettext("Its people and API keys can sign in again.")
        if is_suspended
        else gettext(
            "Its people are signed out and cannot sign in, and its API keys stop working. Its cases and deadlines go on."
        ),
        "submit": gettext("End suspension") if is_suspended else gettext("Suspend organisation"),
        "translated": True,
        "back": reverse("portal:organisations"),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def key_list(request: ActingRequest) -> HttpResponse:
    page = keyset_page(
        ApiKey.objects.visible_to(request.actor).select_related("organisation", "created_by"), request, ordering=["-pk"]
    )
    return render(request, "portal/keys.html", {"page": page})


def key_add(request: ActingRequest) -> HttpResponse:
    """Make a key; the next page shows it this once."""
    offered = api_keys.organisations_for(request.actor)
    form = KeyForm(request.POST or None, organisations=offered, initial={"organisation": offered.first()})
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = api_keys.create_key(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "portal/key_made.html", {"key": key, "secret": secret})
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext_noop("Create an API key"), "submit": gettext_noop("Create key")},
        status=422 if form.errors else 200,
    )


def key_revoke(request: ActingRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        api_keys.revoke_key(key=key, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("%(name)s no longer works.") % {"name": key.name})
        return redirect("portal:keys")
    context = {
        "form": form,
        "title": gettext("Revoke %(name)s") % {"name": key.name},
        "text": gettext(
            "Programs that use this key stop working immediately. You cannot undo this, but you can create a new key."
        ),
        "submit": gettext("Revoke key"),
        "back": reverse("portal:keys"),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
