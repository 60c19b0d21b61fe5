"""Event types of webhooks in words of the page's language, beside the names by which programs know them."""

from django.utils.safestring import SafeString

from portal.http.language import with_code
from portal.notifications.events import EVENT_TYPES


def shown_event_type(name: str) -> SafeString:
    """What an event of this type means, with its name; the name alone where a later version has dropped the type."""
    return with_code(EVENT_TYPES[name].meaning if name in EVENT_TYPES else "", name)
