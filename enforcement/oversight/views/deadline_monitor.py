"""The results of the deadline monitor, and the hosts whose pages cannot be read."""

from django.http import HttpResponse
from django.shortcuts import render

from enforcement import services
from enforcement.models import Heartbeat
from portal.http.requests import ActingRequest


def deadline_monitor(request: ActingRequest) -> HttpResponse:
    context = {"beats": Heartbeat.objects.all(), "unreadable": services.unreadable_hosts()}
    return render(request, "enforcement/oversight/deadline_monitor.html", context)
