"""Setting up the provisioning of an organisation's accounts by its directory."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from portal import services
from portal.http.requests import ActingRequest
from portal.models import Organisation, Provisioning
from portal.sign_in_forms import ProvisioningForm


@never_cache
def provisioning_edit(request: ActingRequest, pk: int) -> HttpResponse:
    """Who manages an organisation sets it up; a new token is shown this once."""
    organisation = get_object_or_404(Organisation.objects.managed_by(request.actor), pk=pk)
    row = Provisioning.objects.filter(organisation=organisation).first()
    form, token = ProvisioningForm(request.POST or None, row=row), ""
    if request.method == "POST" and form.is_valid():
        fields = {"new_token": False, **form.cleaned_data}
        try:
            row, token = services.edit_provisioning(organisation=organisation, actor=request.actor, **fields)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            form = ProvisioningForm(row=row)
    context = {
        "form": form,
        "organisation": organisation,
        "row": row,
        "token": token,
        "address": f"{settings.BASE_URL}{reverse('portal:scim_users').removesuffix('/Users')}",
    }
    return render(request, "portal/provisioning.html", context, status=422 if form.errors else 200)
