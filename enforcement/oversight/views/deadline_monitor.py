"""What the deadline monitor found, and the hosts that cannot be read."""

from django.http import HttpResponse
from django.shortcuts import render

from enforcement import services
from enforcement.models import Heartbeat
from portal.http.requests import ActingRequest


def watchdog(request: ActingRequest) -> HttpResponse:
    context = {"beats": Heartbeat.objects.all(), "unreadable": services.unreadable_hosts()}
    return render(request, "enforcement/oversight/deadline_monitor.html", context)
