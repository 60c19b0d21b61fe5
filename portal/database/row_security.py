"""The second wall: PostgreSQL itself shows a tenant's rows to that tenant alone, whatever the code in front of it asks.

Each table with a tenant has row security ENABLED and FORCED, and a policy for each of four roles that the application's
role may take, for one transaction at a time (portal/database/backend): `…_platform`, `…_regulator` and `…_operator` see rows
by the rule that the table's app declares with `guard`, `…_all` (the system) sees every row by a policy that is simply true,
so that the planner drops it. The application's role itself has no policy: nobody named, no rows.

Roles and not a variable that a policy asks for: a variable is known only when a statement runs, so that each policy would
stand in the way of every index whose operator is not leakproof (words, arrays), also for the workers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db import models

from portal.database.acting import ALL, OPERATOR, PLATFORM, REGULATOR, Principal

KINDS = (PLATFORM, REGULATOR, OPERATOR, ALL)
TENANT = "(SELECT nullif(current_setting('offshelf.tenant', true), '')::bigint)"
"""The acting organisation, asked for once a statement (a subquery) and not for each row."""
NOTHING = "false"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows a platform, a regulator and the operator of the site see: conditions in SQL over the table's own columns,
    as they read and write. No row of a case has a condition for the operator."""

    platform: str = NOTHING
    regulator: str = NOTHING
    operator: str = NOTHING


_RULES: dict[str, Rule] = {}
_OPEN: dict[str, str] = {}


def guard(rules: Mapping[str, Rule]) -> None:
    """Declare who sees the rows of models (`app.Model`); the next `migrate` writes the policies. At start only."""
    _declare(_RULES, rules)


def leave_open(reasons: Mapping[str, str]) -> None:
    """Declare that tables have no policies although rows of organisations or people are in them, each with the reason."""
    _declare(_OPEN, reasons)


def _declare(into: dict, more: Mapping) -> None:
    if twice := (_RULES.keys() | _OPEN.keys()) & more.keys():
        raise ValueError(f"There are two rules for the rows of {', '.join(sorted(twice))}.")
    into.update(more)


def tenant(*, platform: str = "", regulator: str = "") -> Rule:
    """Rows whose column `platform`, or `regulator`, names the organisation; nothing for the side that is left out."""
    return Rule(*(f"{column} = {TENANT}" if column else NOTHING for column in (platform, regulator)))


def organisation(column: str = "organisation_id") -> Rule:
    """Rows of one organisation, of any kind."""
    return Rule(*[f"{column} = {TENANT}"] * 3)


def through(column: str, model: str) -> Rule:
    """Rows that hang on a row of another guarded `model`, which `column` names: seen with it, by its own policies."""
    condition = with_row(column, model)
    return Rule(condition, condition)


def with_row(column: str, model: str, *, in_turn: bool = False) -> str:
    """The condition that the row of `model` which `column` names can be seen.

    PostgreSQL may first read all of that model's visible rows, which pays where many rows are asked about. `in_turn`: it
    looks each one up when its turn comes, which OFFSET 0 has it do, as it then cannot put the question another way.
    """
    if column in {field.column for field in apps.get_model(model)._meta.concrete_fields}:
        raise ValueError(f"{model} has a column {column} of its own: write the condition out, with names of tables.")
    return f"EXISTS (SELECT FROM {_table(model)} AS above WHERE above.id = {column}{' OFFSET 0' if in_turn else ''})"


def guarded() -> dict[str, Rule]:
    """Table → rule."""
    return {_table(name): rule for name, rule in _RULES.items()}


def reasons_left_open() -> dict[str, str]:
    """Table → why it has no policies."""
    return {_table(name): reason for name, reason in _OPEN.items()}


def _table(name: str) -> str:
    model: type[models.Model] = apps.get_model(name)
    return model._meta.db_table


# In whose name a statement runs.


def statement(principal: Principal | None) -> str:
    """What gives the transaction its role and its tenant, or takes both away."""
    role = role_of(principal.kind).replace("'", "''") if principal else "none"
    whose = int(principal.tenant) if principal and principal.tenant is not None else ""
    return f"SELECT set_config('role', '{role}', true), set_config('offshelf.tenant', '{whose}', true); "


_STATEMENT = re.compile(r"^SELECT set_config\('role', .*?, true\); ")


def without_statement(text: str) -> str:
    """A text that was sent, without a `statement` ahead of it."""
    return _STATEMENT.sub("", text, count=1)


def role_of(kind: str) -> str:
    return f"{settings.APP_DATABASE['USER']}_{kind}"


def table_in(query: str) -> str:
    """A guarded table that a statement names; empty where it names none."""
    found = _tables().search(query)
    return found[0] if found else ""


@lru_cache(maxsize=1)
def _tables() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(guarded()))})\b")
