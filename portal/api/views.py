"""What every call of the API keeps to: limits of its key, no unknown parameter, one effect, and the state it was meant for."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpResponseBase
from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, Throttled
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from portal.api import in_flight, rate_limits
from portal.api.etags import etag_of, is_known, require_match
from portal.api.idempotency import HEADER, answer_once
from portal.api.pagination import SINCE
from portal.api.permissions import actor_of, what_lacks
from portal.api.problems import CallRefused, unknown_name
from portal.api.serializers import WITHOUT_OFFSET, known_values
from portal.models import ApiKey

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TRY_IT = "Offshelf-Try-It"
"""The header of calls that the documentation's page makes. They change no real data, whatever key was pasted there."""
IN_SANDBOX = "Offshelf-Sandbox"
""""true" in each answer to a sandbox's key: all of it is test data."""
_THEIR_LIST = "The list `platforms` has those there are."


class ApiView(APIView):
    """The base of all calls.

    `parameters` names the query parameters beside those that filters and pages bring. `shows` is the view of the object
    that this call changes: its rows, its serializer and how it is looked up; If-Match is about that object. A call that
    `approves` it must have one, so that nobody approves a text that they have not read. `may_refuse` names the statuses of
    refusals beside those that every call may have. `needs` is the permission that a method takes beside the one of the
    address (portal/identity/access.py). With `regulators_only`, a platform has no such address. `answers_with` names the
    headers of a method's success that not every call has.
    """

    may_refuse: ClassVar[tuple[int, ...]] = ()
    parameters: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[Mapping[str, str]] = {}
    regulators_only: ClassVar[bool] = False
    answers_with: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    shows: ClassVar["type[DetailView] | None"] = None
    approves: ClassVar[bool] = False
    spent: rate_limits.Spent | None = None
    in_sandbox: bool = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.perform_authentication(request)
        if isinstance(request.auth, ApiKey):
            self.in_sandbox = request.auth.organisation.is_sandbox
            self.spent = rate_limits.spend(request.auth)
            if self.spent.too_many:
                raise Throttled(self.spent.reset, "This key has used its requests for this minute.")
            if TRY_IT in request.headers and request.method in CHANGING and not self.in_sandbox:
                raise CallRefused("not_in_sandbox", "Try it changes test data only, and this key opens real data.")
        self.check_permissions(request)
        if self.regulators_only and actor_of(request).platform_id is not None:
            raise NotFound
        permission = self.needs.get(str(request.method))
        if permission and not actor_of(request).may(permission):
            raise PermissionDenied(what_lacks(actor_of(request), request.auth, {permission}))
        known = self.known_parameters()
        for name in request.query_params:
            if name not in known:
                raise unknown_name("unknown_parameter", "query parameter", name, known)
        super().initial(request, *args, **kwargs)

    def known_parameters(self) -> set[str]:
        return set(self.parameters)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As DRF's, with the answer of a call that changes something committed together with its effect."""
        self.args, self.kwargs = args, kwargs
        self.request = given = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(given, *args, **kwargs)
            with in_flight.place(given.auth.organisation_id) if isinstance(given.auth, ApiKey) else nullcontext():
                response = self._answer(given)
        except Exception as error:  # noqa: BLE001  as in DRF: what is no refusal is raised again in there
            response = self.handle_exception(error)
        self.response = self.finalize_response(given, response, *args, **kwargs)
        return self.response

    def _answer(self, request: Request) -> HttpResponseBase:
        if request.method in CHANGING and hasattr(self, request.method.lower()):
            owner = actor_of(request).organisation_id or 0
            return answer_once(request, owner, lambda: self._changed(request))
        response: HttpResponseBase = self._handler(request)(request, *self.args, **self.kwargs)
        return response

    def _handler(self, request: Request) -> Any:
        return getattr(self, str(request.method).lower(), self.http_method_not_allowed)

    def _changed(self, request: Request) -> HttpResponseBase:
        """The answer, or the refusal, which undoes what was begun; both in the state in which they can be kept."""
        expects = self.approves or (self.shows is not None and "If-Match" in request.headers)
        try:
            with transaction.atomic() if expects or HEADER in request.headers else nullcontext():
                if expects:
                    require_match(request, etag_of(self._current(request, lock=True)), by_name=self.approves)
                response = self._handler(request)(request, *self.args, **self.kwargs)
        except Exception as error:  # noqa: BLE001  likewise
            response = self.handle_exception(error)
        return self.finalize_response(request, response, *self.args, **self.kwargs)

    def _current(self, request: Request, *, lock: bool = False) -> Any:
        """What the object's own address shows of it now."""
        assert self.shows is not None  # noqa: S101  only asked where there is one
        look_up = {self.shows.lookup_field: self.kwargs[self.shows.lookup_url_kwarg or self.shows.lookup_field]}
        rows = self.shows.rows_for(request)
        if lock:
            get_object_or_404(
                rows.select_for_update(of=("self",)).select_related(None).prefetch_related(None), **look_up
            )
        return self.shows.serializer_class(get_object_or_404(rows, **look_up), context={"request": request}).data

    def shown(self, request: Request, *, status: int = 200) -> Response:
        """The object as it is after the change, with its new ETag."""
        data = self._current(request)
        return Response(data, status=status, headers={"ETag": etag_of(data)})

    def body(self, serializer: type[Serializer], request: Request, **options: Any) -> dict[str, Any]:
        """The checked fields of the body. Raises ValidationError (422), or Refusal (400) for a field that there is not."""
        given = serializer(data=request.data, **options)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.spent is not None:
            self.spent.tell(answer)
        if self.in_sandbox:
            answer[IN_SANDBOX] = "true"
        return answer


class _Sparse(GenericAPIView):
    """Answers with the fields that `fields` names, all of them where it is not given."""

    def wanted(self) -> list[str] | None:
        given = self.request.query_params.get("fields")
        if given is None:
            return None
        known = self.field_names()
        names = [name.strip() for name in given.split(",") if name.strip()]
        for name in names or [given]:
            if name not in known:
                raise unknown_name("unknown_field", "field", name, known)
        return names

    def field_names(self) -> list[str]:
        serializer: BaseSerializer = self.get_serializer()
        return list(getattr(serializer, "fields", ()))


class ListView(ApiView, _Sparse, ListAPIView):
    """Rows in pages, newest first. `updated_field` is what `updated_since` asks for; it then has the earliest change first,
    where the database notes the changes itself (portal/database/updated.py), and not a service by its own clock."""

    updated_field: ClassVar[str] = "updated_at"
    noted_by_database: ClassVar[bool] = True
    since: datetime | None = None

    def known_parameters(self) -> set[str]:
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        pages = {"cursor", "page_size", "fields"} | ({SINCE} if self.updated_field else set())
        return set(self.parameters) | set(filters) | pages

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        try:
            rows = super().filter_queryset(queryset)
        except serializers.ValidationError as error:
            raise self._with_known_values(error) from None
        given = self.request.query_params.get(SINCE)
        if given is None:
            return rows
        self.since = _time_of(given)
        return rows.filter(**{f"{self.updated_field}__gte": self.since})

    def _with_known_values(self, error: serializers.ValidationError) -> serializers.ValidationError:
        """The refusal of a filter's value, with what could have been sent instead."""
        found: dict[str, Any] = dict(error.detail) if isinstance(error.detail, dict) else {"request": error.detail}
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        for name, reasons in found.items():
            if name in filters and any(getattr(reason, "code", "") == "invalid_choice" for reason in reasons):
                choices = filters[name].extra.get("choices")
                known = known_values(value for value, _ in choices) if choices else _THEIR_LIST
                found[name] = [f"There is no {self.request.query_params.get(name, '')[:80]!r} here. {known}"]
        return serializers.ValidationError(found)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        wanted = self.wanted()
        response = super().list(request, *args, **kwargs)
        if wanted is not None:
            response.data["results"] = [{name: row[name] for name in wanted} for row in response.data["results"]]
        return response


def _time_of(given: str) -> datetime:
    """Raises ValidationError for what is no time with its offset: without one, a program elsewhere would lose hours."""
    try:
        since = parse_datetime(given)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        plus = " The + of an offset is written %2B in an address." if " " in given else ""
        raise serializers.ValidationError({SINCE: [WITHOUT_OFFSET + plus]})
    return since


class DetailView(ApiView, _Sparse, RetrieveAPIView):
    """One object with its ETag; 304 where the caller has that state already. What changes it here is about itself."""

    serializer_class: type[Serializer]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.shows = cls

    @classmethod
    def rows_for(cls, request: Request) -> models.QuerySet:
        """The rows that the caller may see, as the serializer needs them."""
        raise NotImplementedError

    def get_queryset(self) -> models.QuerySet:
        return self.rows_for(self.request)

    def known_parameters(self) -> set[str]:
        return {*self.parameters, "fields"}

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        wanted = self.wanted()
        data = self.get_serializer(self.get_object()).data
        etag = etag_of(data)
        if is_known(request, etag):
            return Response(status=304, headers={"ETag": etag})
        answer = data if wanted is None else {name: data[name] for name in wanted}
        return Response(answer, headers={"ETag": etag})
