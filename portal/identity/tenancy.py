"""One rule for who sees which rows: every list and every look-up starts from `visible_to(actor)`.

A row that is not visible does not exist for the actor: pages and API answer 404, never 403.

Sandboxes are tenants of their own, a platform and a regulator each, so that the same rule keeps their test data apart. The
operator of the site sees none of it either; the system does, whose sweeps serve all.
"""

from functools import cache
from typing import Any, Self

from django.apps import apps
from django.db import models

from portal.identity.actors import Actor


class TenantQuerySet(models.QuerySet):
    """Subclasses say what one platform and one regulator may see; forgetting to is an error, not a leak. The operator of the
    site sees no row of a case: what is no case's says so."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if actor.platform_id is not None:
            return self.for_platform(actor.platform_id)
        if actor.regulator_id is not None:
            return self.for_regulator(actor.regulator_id)
        if actor.is_operator:
            return self.for_operator().outside_sandboxes()
        return self.none()

    def for_operator(self) -> Self:
        return self.none()

    def outside_sandboxes(self) -> Self:
        """Without what belongs to a sandbox, for whatever shows rows of several tenants together."""
        return self.exclude(**{f"{path_to_tenant(self.model)}__in": sandboxes()})

    def for_platform(self, organisation_id: int) -> Any:
        raise NotImplementedError

    def for_regulator(self, organisation_id: int) -> Any:
        raise NotImplementedError


def sandboxes() -> models.QuerySet:
    """The ids of all sandboxes, open and closed, for a condition of another query."""
    return apps.get_model("portal", "Organisation").objects.filter(sandbox_of__isnull=False).values("pk")


@cache
def path_to_tenant(model: type[models.Model]) -> str:
    """The shortest way from a row to an organisation that it always has, as a look-up: "platform", "flag__regulator".

    Both sides of a row of a sandbox are sandboxes, so any way will do; who wrote it is none. Raises LookupError where there
    is none: then the model's queryset has to say which rows are outside of sandboxes.
    """
    ways: list[tuple[str, type[models.Model]]] = [("", model)]
    seen = {model}
    for way, here in ways:
        for field in here._meta.concrete_fields:
            above = field.related_model
            if not field.is_relation or field.null or not isinstance(above, type) or above._meta.label == "portal.User":
                continue
            if above._meta.label == "portal.Organisation":
                return way + field.name
            if above not in seen:
                seen.add(above)
                ways.append((f"{way}{field.name}__", above))
    raise LookupError(f"{model._meta.label} has no organisation of its own.")
