"""Slows down guessing of passwords: five failures for one address from one place, then fifteen minutes' wait."""

from datetime import timedelta

from django.utils import timezone

from portal.models import SignInFailure

MOST = 5
WAIT = timedelta(minutes=15)


def is_blocked(*, email: str, address: str) -> bool:
    since = timezone.now() - WAIT
    return SignInFailure.objects.filter(email=email.lower()[:254], address=address, at__gt=since).count() >= MOST


def note_failure(*, email: str, address: str) -> None:
    SignInFailure.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    SignInFailure.objects.create(email=email.lower()[:254], address=address)


def forget(*, email: str, address: str) -> None:
    SignInFailure.objects.filter(email=email.lower()[:254], address=address).delete()
