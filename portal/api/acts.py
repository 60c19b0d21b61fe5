"""Acts on one object: a POST whose checked fields go to a service, answered with the object as it is after it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView


class Act(ApiView):
    """`shows` is the view of the object, `takes` the body, where there is one, and `status` that of the answer."""

    shows: ClassVar[type[DetailView]]
    takes: ClassVar[type[Serializer] | None] = None
    status: ClassVar[int] = 200

    act: Callable[..., object]
    """Call the service, with the object, the actor and the checked fields by name. What it returns is not used: the answer
    is what the object's own address shows."""

    def row(self, request: Request) -> models.Model:
        name = self.shows.lookup_field
        found = {name: self.kwargs[self.shows.lookup_url_kwarg or name]}
        return get_object_or_404(self.shows.rows_for(request), **found)

    def options_of(self, row: Any) -> dict[str, Any]:
        """What the serializer of the body is told about the object."""
        return {}

    def post(self, request: Request, **kwargs: Any) -> Response:
        row = self.row(request)
        given = self.body(self.takes, request, **self.options_of(row)) if self.takes else {}
        self.act(row, actor_of(request), **given)
        return self.shown(request, status=self.status)
