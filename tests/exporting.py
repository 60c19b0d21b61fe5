"""Exports as a person gets them: asked for on a page, made by a worker, fetched from their page."""

from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from portal import services
from portal.models import Export


def exported(client: Client, answer: HttpResponse) -> bytes:
    """What is downloaded in the end, after a page answered that an export was begun."""
    assert answer.status_code == 302, answer.status_code
    export = Export.objects.get(pk=resolve(answer["Location"]).kwargs["pk"])
    made = services.run_export(export)
    assert made.status == "done", made.error
    response = client.get(f"{answer['Location']}file/")
    assert response.status_code == 200
    return response.getvalue()
