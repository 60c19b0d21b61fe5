"""Deleting rows, and files that rows name: the file goes after the row's transaction has committed, never before."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import models, transaction


def delete_rows(rows: Sequence[models.Model]) -> None:
    """Delete rows of one model, with what cascades from them."""
    type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()


def forget_file(field: str) -> Callable[[Sequence[models.Model]], None]:
    """Keeps the rows and takes their file from them; a file that another row names as well stays on the disk."""

    def erase(rows: Sequence[models.Model]) -> None:
        for row in rows:
            file = getattr(row, field)
            name, storage, others = file.name, file.storage, type(row)._base_manager.filter(**{field: file.name})
            type(row)._base_manager.filter(pk=row.pk).update(**{field: ""})
            if not others.exists():
                transaction.on_commit(partial(storage.delete, name))

    return erase


def digest_of_file(field: str) -> Callable[[Any], str]:
    """The number of a row with the SHA-256 of its file; a file that is gone already is said to be."""

    def stated(row: Any) -> str:
        sha = hashlib.sha256()
        try:
            with getattr(row, field).storage.open(getattr(row, field).name) as source:
                while data := source.read(1 << 20):
                    sha.update(data)
        except FileNotFoundError:
            return f"{row.pk} missing"
        return f"{row.pk} {sha.hexdigest()}"

    return stated
