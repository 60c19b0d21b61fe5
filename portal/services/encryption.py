"""Writing stored secrets again under today's SECRET_KEY, so that the former one can be forgotten."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction

from portal.identity.encryption import KEPT, Unreadable, is_encrypted, renewed


@dataclass(slots=True)
class Renewed:
    """How many secrets were written again, and where those are that no key reads, as "WebhookEndpoint 5: secret"."""

    done: int = 0
    unreadable: list[str] = field(default_factory=list)


def renew_encryption() -> Renewed:
    """Encrypt every stored secret under today's SECRET_KEY. Again is harmless; one that cannot be read stays as it is."""
    found = Renewed()
    for name, column in KEPT:
        model: Any = apps.get_model(name)
        for pk in model.objects.order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():  # a row at a time: nobody waits for the others
                row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
                if row is None or not is_encrypted(token := getattr(row, column)):
                    continue
                try:
                    model.objects.filter(pk=pk).update(**{column: renewed(token)})
                except Unreadable:
                    found.unreadable.append(f"{model._meta.object_name} {pk}: {column}")
                else:
                    found.done += 1
    return found
