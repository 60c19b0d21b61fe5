"""Which events platforms' programs are told of, and the JSON of each: the documentation and the tests read it from here.

Each app registers its own types (registration.py). An event of a type that nobody registered is an error of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop

LINE = {"type": "string", "maxLength": 200}
TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 1}
NUMBERS = {"type": "array", "items": NUMBER}
NOTIFICATION, TEST = "notification.sent", "webhook.test"
EVENT_TYPES: dict[str, "EventType"] = {}
_ALWAYS = {
    "key": {**LINE, "description": "The same for a repetition of the same message."},
    "subject": {**LINE, "description": "The message in one line, as the platform's people read it."},
    "body": {**TEXT, "description": "The message's text."},
    "link": {**TEXT, "description": "The page about it; empty where there is none."},
}


@dataclass(frozen=True, slots=True)
class EventType:
    """What a type means, and which properties `data` has besides key, subject, body and link, as JSON Schema.

    `about` is the property that names the object, or with an s at its end the objects: events about one of them arrive in
    their order.
    """

    meaning: str
    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: str = ""

    def schema(self, name: str) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the whole body of a request."""
        properties = {**_ALWAYS, **self.properties}
        data = {"type": "object", "properties": properties, "required": list(properties)}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": name,
            "description": self.meaning,
            "type": "object",
            "properties": {
                "type": {"const": name},
                "timestamp": {"type": "string", "format": "date-time", "description": "When it happened, UTC."},
                "data": data,
            },
            "required": ["type", "timestamp", "data"],
        }


@dataclass(frozen=True, slots=True)
class Event:
    """An event of one message: its type, and what `data` has besides the message itself."""

    type: str = NOTIFICATION
    data: Mapping[str, Any] = field(default_factory=dict)


PLAIN = Event()


def register(types: Mapping[str, EventType]) -> None:
    """Add event types of an app. Raises ValueError where a name is taken."""
    if twice := EVENT_TYPES.keys() & types.keys():
        raise ValueError(f"There are two event types {', '.join(sorted(twice))}.")
    EVENT_TYPES.update(types)


def payload_of(event: Event, *, at: datetime, message: Mapping[str, str], legacy: bool) -> dict[str, Any]:
    """The JSON that tells of an event; `message` are its key, subject, body and link. Raises ValueError for data that
    does not fit the type. `legacy` endpoints find the message at the top as well, where it was before events had types."""
    if event.type not in EVENT_TYPES or event.data.keys() != EVENT_TYPES[event.type].properties.keys():
        raise ValueError(f"Event {event.type} is not registered with the properties {', '.join(event.data)}.")
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    payload = {"type": event.type, "timestamp": moment, "data": {**message, **event.data}}
    return {**payload, **message} if legacy else payload


def objects_of(event_type: str, data: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The property that names what an event is about, without the s of many, and its values; ("", []) where there is none."""
    kind = EVENT_TYPES.get(event_type)
    name = kind.about if kind is not None else ""
    found = data.get(name)
    if found is None:
        return "", []
    return name.removesuffix("s"), found if isinstance(found, list) else [found]


register(
    {
        NOTIFICATION: EventType(gettext_noop("A notification that has no type of its own.")),
        TEST: EventType(gettext_noop("A test that a person sent from the endpoint's page.")),
    }
)
