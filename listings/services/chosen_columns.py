"""Which columns of a catalogue file are which fields, as a person chose: for this file, or for an earlier one alike."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from listings.ingest.columns import NEEDED, Plan, plan_for, shown
from listings.ingest.outcome import Chosen, Complaint, Report
from listings.ingest.prices import decimal_mark
from listings.ingest.shapes import PLAIN, shape_of
from listings.models import CatalogueImport
from listings.services.chunks import Chunk
from listings.states import ImportStatus
from portal import audit
from portal.identity.actors import Actor

FIELD_LABELS = {
    "external_id": gettext_noop("ID"),
    "title": gettext_noop("Title"),
    "description": gettext_noop("Description"),
    "brand": gettext_noop("Brand"),
    "gtin": gettext_noop("GTIN"),
    "mpn": gettext_noop("Model number"),
    "seller": gettext_noop("Seller"),
    "category": gettext_noop("Category"),
    "price": gettext_noop("Price"),
    "currency": gettext_noop("Currency"),
    "link": gettext_noop("Link"),
    "image_link": gettext_noop("Picture link"),
    "supplier": gettext_noop("Supplier"),
    "minimum_order": gettext_noop("Minimum order"),
    "price_ladder": gettext_noop("Price ladder"),
    "destinations": gettext_noop("Destinations"),
}
"""The fields of a listing that a column can be chosen for."""
COLUMN_NEEDED = gettext_noop("Choose the column for this field. Every listing needs it.")
MAY_BE_ID = frozenset({"gtin", "mpn"})  # what a shop may use as its id as well
MAX_REMEMBERED = 50  # earlier choices of a platform that are compared with a file
NOT_USED = (ImportStatus.CANCELLED, ImportStatus.FAILED, ImportStatus.REFUSED)


class ChosenColumns:
    """What an import is read by: the columns chosen for it, else those last chosen for a file like it.

    A file is like an earlier one if it has all columns that were chosen and none that the person did not see then.
    """

    def __init__(self, job: CatalogueImport) -> None:
        self._job = job
        self._own: Chosen = tuple(job.mapping.items())
        self._before: list[tuple[int, dict[str, str], set[str]]] = []
        self._found: int | None = None
        if not self._own:
            earlier = CatalogueImport.objects.filter(
                platform_id=job.platform_id, pk__lt=job.pk, mapping_from=None
            ).exclude(mapping={})
            rows = earlier.exclude(status__in=NOT_USED).order_by("-pk").values_list("pk", "mapping", "report__columns")
            self._before = [(pk, mapping, set(columns or ())) for pk, mapping, columns in rows[:MAX_REMEMBERED]]

    def __call__(self, columns: Collection[str]) -> Chosen:
        if self._own:
            return self._own
        here = set(columns)
        for pk, mapping, seen in self._before:
            if set(mapping.values()) <= here <= seen:
                self._found = pk
                return tuple(mapping.items())
        return ()

    def keep(self, report: Report) -> None:
        """Write down by which earlier choice a file was read, so that it is read the same way again."""
        if report.chosen and not self._own:
            self._job.mapping, self._job.mapping_from_id = dict(report.chosen), self._found
            CatalogueImport.objects.filter(pk=self._job.pk).update(
                mapping=self._job.mapping, mapping_from_id=self._found
            )


def has_newer_full_feed(job: CatalogueImport) -> bool:
    """Whether the platform has a full feed after this import that came to something or still may."""
    full = CatalogueImport.objects.filter(platform_id=job.platform_id, kind=CatalogueImport.Kind.FULL, pk__gt=job.pk)
    return full.exclude(status__in=NOT_USED).exists()


def chosen_for(job: CatalogueImport) -> dict[str, str]:
    """The columns that an import was read by: for each field the first of them."""
    if job.mapping:
        return dict(job.mapping)
    return {field: shown(names[0]) for field, names in _plan(job, ()).fields.items()}


def problems_of(mapping: dict[str, str], columns: Collection[str]) -> dict[str, ValidationError]:
    """What makes a choice impossible, by field; empty if nothing does."""
    problems = {field: ValidationError(COLUMN_NEEDED) for field in NEEDED if not mapping.get(field)}
    users: dict[str, str] = {}
    for field, column in mapping.items():
        if field not in FIELD_LABELS:
            problems[field] = ValidationError(gettext_noop("Listings have no such field."))
        elif column and column not in columns:
            detail = gettext_noop("%(column)s is not a column of the file.")
            problems[field] = ValidationError(detail, params={"column": str(column)[:60]})
        elif (
            column
            and (other := users.setdefault(column, field)) != field
            and {other, field} - MAY_BE_ID != {"external_id"}
        ):
            detail = gettext_noop("%(column)s is already used for %(field)s. Choose another column.")
            problems[field] = ValidationError(detail, params={"column": column, "field": FIELD_LABELS[other]})
    return problems


def import_with_columns(*, job: CatalogueImport, mapping: dict[str, str], actor: Actor) -> CatalogueImport:
    """Import the stored file of `job` again, as a new import that is read by the chosen columns (field to column).

    Asking twice while the first import is not over gives that one. Raises ValidationError, by field where it can, if
    the choice is impossible, the import is not over or its columns are not known, or a newer full feed would be undone.
    """
    actor.require("catalogue.import")
    if actor.platform_id not in (None, job.platform_id):
        raise PermissionDenied(gettext_noop("You can import a catalogue only for your own platform."))
    with transaction.atomic():
        job = CatalogueImport.objects.select_for_update().get(pk=job.pk)
        if not job.may_choose_columns:
            raise ValidationError(gettext_noop("The columns of this file are not known. Upload the file again."))
        chosen = {field: column for field, column in mapping.items() if column}
        if problems := problems_of(chosen, job.report["columns"]):
            raise ValidationError(problems)
        alike = CatalogueImport.objects.filter(platform_id=job.platform_id, file=job.file.name, pk__gt=job.pk)
        unfinished = alike.filter(
            mapping=chosen, mapping_from=None, status__in=[ImportStatus.QUEUED, ImportStatus.RUNNING]
        )
        if (already := unfinished.first()) is not None:
            return already
        if job.kind == CatalogueImport.Kind.FULL and has_newer_full_feed(job):
            raise ValidationError(gettext_noop("There is a newer full feed. Choose the columns of that one."))
        made = CatalogueImport.objects.create(
            platform_id=job.platform_id,
            created_by_id=actor.user_id,
            kind=job.kind,
            file=job.file.name,
            filename=job.filename,
            mapping=chosen,
        )
        after = {"filename": made.filename, "kind": made.kind, "mapping": chosen, "file_of": job.pk}
        audit.record(actor=actor, action="catalogue_import.queued", subject=made, after=after)
    return made


def preview(job: CatalogueImport, mapping: dict[str, str]) -> tuple[Chunk, tuple[str, ...]]:
    """The sample of a file as it would be imported with the chosen columns: its listings and rejects; and the columns
    that are not used."""
    chosen = tuple((field, column) for field, column in mapping.items() if column)
    columns = tuple(job.report["columns"])
    if not chosen:
        return Chunk(), columns
    plan, shape = _plan(job, chosen), shape_of(columns) if job.report.get("is_table") else PLAIN
    sample = [(each["line"], each["row"]) for each in job.report.get("sample", [])]
    rows: list[tuple[int, Any]] = list(shape.group(sample, plan, Report()))
    decimal = decimal_mark(str(row["price"]) for _, row in rows if not isinstance(row, Complaint) and row.get("price"))
    chunk = Chunk()
    for line, row in rows:
        chunk.take(line, row, decimal)
    return chunk, plan.unused


def _plan(job: CatalogueImport, chosen: Chosen) -> Plan:
    columns = tuple(job.report["columns"])
    return shape_of(columns).plan(columns, chosen) if job.report.get("is_table") else plan_for(columns, chosen=chosen)
