"""What the OpenAPI schema says of every call beyond its own fields: headers, shared parameters, and each status that can come."""

import re
from typing import Any

from django.urls import resolve
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from portal.api.acts import Act
from portal.api.answer_headers import headers_of
from portal.api.pagination import SINCE, KeysetPagination
from portal.api.schedules import FetchScheduleSerializer
from portal.api.serializers import StrictSerializer
from portal.api.views import CHANGING, ApiView, DetailView, ListView
from portal.database.complete_until import OVERLAP
from portal.http.problems import PROBLEMS
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES, scopes_for

_ALWAYS = (400, 401, 403, 404, 406, 429, 500, 507)
_CHANGING = (409, 411, 413, 415, 422)


def undocumented() -> list[type]:
    """Classes whose docstrings are for those who build on them, and say nothing of what is sent or answered."""
    return [*get_lib_doc_excludes(), StrictSerializer, FetchScheduleSerializer]


def tell_blank_apart(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """The last step of the schema: "an address, or nothing" is said so that no text is both. A validator that takes formats
    for remarks, as JSON Schema does, would find two answers to `oneOf` and refuse the value."""
    _tell_apart(result)
    return result


def _tell_apart(part: Any) -> None:
    if isinstance(part, list):
        for inner in part:
            _tell_apart(inner)
    elif isinstance(part, dict):
        if {"type": "string", "maxLength": 0} in part.get("oneOf", ()):
            for filled in part["oneOf"]:
                if filled.get("maxLength") != 0:
                    filled.setdefault("minLength", 1)
        for inner in part.values():
            _tell_apart(inner)


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="Address of the page that explains the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong here, and how to fix it.")
    code = serializers.ChoiceField(sorted(PROBLEMS))
    errors = serializers.DictField(  # type: ignore[assignment]  # serializers have the name, too
        required=False, help_text="Reasons by field. Nested as the request is."
    )


def _some_address(path: str) -> str:
    """An address of a path of the schema: any object will do, since only its name is looked for."""
    return re.sub(r"{[^}]+}", "1", path)


def _since_in_words(view: ListView) -> str:
    field = view.updated_field.rpartition("__")[2]
    about = (
        f"What has `{field}` at or after this time, in ISO 8601 with its offset (in an address, + is written %2B). Send "
        "the `next_updated_since` of your last round: "
    )
    if view.noted_by_database:
        return f"{about}each change comes once, the earliest first."
    minutes = int(OVERLAP.total_seconds() // 60)
    return f"{about}it lies {minutes} minutes back, so rows come again; skip what you have with the same `{field}`."


class ApiSchema(AutoSchema):
    """DRF's views as `ApiView` makes them."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if not isinstance(self.view, ApiView):
            return found
        if self.method in CHANGING:
            text = (
                "A new value for each change. The same request again has one effect and the same response, within 24 hours, "
                "a refusal too: once its reason is gone, send a new value. Only what comes with Retry-After, and our own "
                "failures (5xx), are tried again with the same."
            )
            found.append(OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=text))
            if self.view.shows is not None:
                text = "The ETag of the object: the change is made only while it is that of the object."
                if self.view.approves:
                    text = "The ETag of the object as it was read: approved is that text, and no other one."
                found.append(
                    OpenApiParameter(
                        "If-Match", str, OpenApiParameter.HEADER, required=self.view.approves, description=text
                    )
                )
        elif isinstance(self.view, ListView | DetailView):
            text = (
                "Only these fields of an object, with commas between them. Without it, all of them; with it, fields that "
                "are required in the response may be missing."
            )
            found.append(OpenApiParameter("fields", str, description=text))
            if isinstance(self.view, DetailView):
                text = "The ETag that you have: 304 while it is still that of the object."
                found.append(OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=text))
            elif self.view.updated_field:
                found.append(
                    OpenApiParameter(
                        SINCE, {"type": "string", "format": "date-time"}, description=_since_in_words(self.view)
                    )
                )
        return found

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Which scopes a key needs, as the roles of a requirement: each entry is enough."""
        found: list[dict[str, list[str]]] = super().get_auth()
        if not isinstance(self.view, ApiView) or found == [{}]:
            return found
        rule = ACCESS[f"api:{resolve(_some_address(self.path)).url_name}"]
        permissions = {rule, self.view.needs.get(self.method, rule)}
        sides = [REGULATOR_SCOPES] if self.view.regulators_only else [PLATFORM_SCOPES, REGULATOR_SCOPES]
        ways = dict.fromkeys(way for offered in sides for way in scopes_for(offered, permissions))
        return [{name: list(way)} for each in found for name in each for way in ways] or found

    def _get_paginator(self) -> Any:
        paginator = super()._get_paginator()
        if isinstance(paginator, KeysetPagination) and isinstance(self.view, ListView):
            paginator.changes = bool(self.view.updated_field)
        return paginator

    def get_request_serializer(self) -> Any:
        return self.view.takes if isinstance(self.view, Act) else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if isinstance(self.view, Act):
            return {self.view.status: self.view.shows.serializer_class}
        return super().get_response_serializers()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        if not isinstance(self.view, ApiView):
            return found
        shape = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in self._refusals():
            title = " / ".join(sorted({each.title for each in PROBLEMS.values() if each.status == status}))
            found[str(status)] = {"description": title, "content": {"application/problem+json": {"schema": shape}}}
        if isinstance(self.view, DetailView) and self.method == "GET":
            found["304"] = {"description": "You have this state of the object already."}
        for code, answer in found.items():
            headers = headers_of(
                int(code), has_etag=self._has_etag(), repeats=self.method in CHANGING, more=self._own_headers()
            )
            answer.setdefault("headers", {}).update(headers)
        return dict(sorted(found.items()))

    def _has_etag(self) -> bool:
        """One object is answered, of whose state the caller may speak again."""
        return isinstance(self.view, DetailView | Act) or (self.method in CHANGING and self.view.shows is not None)

    def _own_headers(self) -> tuple[str, ...]:
        return tuple(self.view.answers_with.get(str(self.method), ()))

    def _refusals(self) -> list[int]:
        changing = self.method in CHANGING
        bound = [412] if changing and self.view.shows is not None else []
        if changing and self.view.approves:
            bound.append(428)
        listed = (422,) if isinstance(self.view, ListView) else ()
        return sorted({*_ALWAYS, *(_CHANGING if changing else ()), *bound, *listed, *self.view.may_refuse})
