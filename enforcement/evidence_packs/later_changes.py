"""What the chain itself says was taken away later: pages that retention deleted, and names erased from payloads."""

from typing import Any

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.report import PackReport
from portal.audit import chain


class LaterChanges:
    """Told of each event of a pack in turn. An event that does not hold may be named by a later one, so it is judged last."""

    def __init__(self) -> None:
        self.deleted: dict[str, tuple[str, str]] = {}  # observation: its page's digest, and when retention deleted it
        self._unlike: dict[
            int, tuple[str, str]
        ] = {}  # position: digest of an event that is not what was sealed, its name
        self._erased: dict[int, str] = {}  # position: digest of the payload as it was left

    def note(self, event: dict[str, Any], position: int, *, holds: bool) -> None:
        """Only an event that is what was sealed says something of others."""
        if not holds:
            name = f"event {event['id']} at position {position} ({event['action']}, {event['subject'][2]})"
            self._unlike[position] = (chain.sha256(chain.canonical(event)), name)
        elif event["action"] == packs.ERASED:
            self._erased |= chain.erased_in(event["after"])
        elif event["action"] == packs.PAGES_DELETED:
            pages = event["after"].get("pages")
            for observation, page in (pages if isinstance(pages, dict) else {}).items():
                self.deleted[observation] = (str(page), event["at"])

    def judge(self, report: PackReport) -> None:
        """Count the events whose payloads were erased, and report those that were changed."""
        for position, (digest, name) in self._unlike.items():
            if self._erased.get(position) == digest:
                report.erased += 1
            else:
                report.add("changed event", f"{name} is not the sealed event")

    def excuses(self, observation: str, page: str, report: PackReport) -> bool:
        """Whether a page that is missing was deleted by retention, as the chain says; it is counted."""
        digest, at = self.deleted.get(observation, ("", ""))
        if digest != page:
            return False
        report.pages_deleted += 1
        report.pages_deleted_on = max(report.pages_deleted_on, at[:10])
        return True
