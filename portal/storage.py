"""Files that are kept whole or not at all."""

import contextlib
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Writes a file beside its place and moves it there when it is complete: a full disk leaves no half of one behind."""

    def _save(self, name: str, content: Any) -> str:
        written = f"{name}.{uuid4().hex}.part"
        try:
            super()._save(written, content)  # type: ignore[misc]  # Django's own, which the stubs do not know
            return self._placed(written, name)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(self.path(written)).unlink(missing_ok=True)
            raise

    def _placed(self, written: str, name: str) -> str:
        """Move it to `name`, or to another name where somebody took that one meanwhile; returns the name."""
        while True:
            try:
                os.close(os.open(self.path(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                name = self.get_available_name(name)
                continue
            Path(self.path(written)).replace(self.path(name))
            return name.replace("\\", "/")
