"""One rule for who sees which rows: every list and every look-up starts from `visible_to(actor)`.

A row that is not visible does not exist for the actor: pages and API answer 404, never 403.
"""

from typing import Any, Self

from django.db import models

from portal.identity.actors import Actor


class TenantQuerySet(models.QuerySet):
    """Subclasses say what one platform and one regulator may see; forgetting to is an error, not a leak."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if actor.platform_id is not None:
            return self.for_platform(actor.platform_id)
        if actor.regulator_id is not None:
            return self.for_regulator(actor.regulator_id)
        return self.none()

    def for_platform(self, organisation_id: int) -> Any:
        raise NotImplementedError

    def for_regulator(self, organisation_id: int) -> Any:
        raise NotImplementedError
