"""Verifying the pictures of a pack: each that an event names is there and is the one, or the manifest says why it is not."""

from collections.abc import Mapping, Set
from typing import Any

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.report import PackReport


class PictureCheck:
    """Note each event of the chain, then judge the files. Packs from before pictures were kept name none."""

    def __init__(self) -> None:
        self._named: dict[str, str] = {}  # SHA-256 of a picture: the event that names it

    def note(self, event: dict[str, Any]) -> None:
        for picture in packs.pictures_of(event):
            if picture.get("sha256"):
                self._named.setdefault(str(picture["sha256"]), f"event {event['id']}")

    def judge(self, names: Set[str], found: Mapping[str, str], missing: object, report: PackReport) -> None:
        """`found`: the SHA-256 of each file; `missing`: what the manifest, which is sealed, says of those that are not
        there."""
        said = missing if isinstance(missing, dict) else {}
        known = {packs.picture_name(sha256): (sha256, by) for sha256, by in self._named.items()}
        for name, (sha256, by) in known.items():
            if found.get(name) == sha256:
                report.pictures += 1
            elif name in names:
                report.add("picture", f"{name} is not the picture of {by}")
            elif sha256 in said:
                report.pictures_missing += 1
            else:
                report.add("picture", f"{name} of {by} is missing")
        for name in sorted(names):
            if name.startswith("pictures/") and name not in known:
                report.add("picture", f"{name} has no event in the chain")
