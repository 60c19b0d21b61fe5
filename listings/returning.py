"""Where a moderator goes on whose session had ended when they decided: at the flag, with the same decision chosen."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

CHOSEN = ("kind", "reason")
"""What an address may carry. The note does not leave the page: addresses are written to logs."""


def flag_to_decide(kwargs: Mapping[str, Any], sent: QueryDict) -> str:
    """The queue, or the flag's own page where the decision was sent from there, with what was chosen."""
    chosen = {name: value for name in CHOSEN if (value := sent.get(name, ""))}
    kept = sent.get("kept")
    if kept is None:
        query = urlencode(chosen)
        return f"{reverse('listings:flag', args=[kwargs['pk']])}{f'?{query}' if query else ''}"
    where = QueryDict(str(kept), mutable=True)
    where.update({"flag": str(kwargs["pk"]), **chosen})
    return f"{reverse('listings:queue')}?{where.urlencode()}"
