"""What publishing a version would do to the notices of its recall, as the apps above count it without writing anything."""

from dataclasses import dataclass, field

MANY = 10


@dataclass(slots=True)
class NoticeEffects:
    """At one platform: `opens` flags open, `waits` matches wait as the limit of undecided flags is reached; `closes` undecided
    flags close, as the version no longer covers them, and `stays` do not; `reopens` flags that an earlier version closed so
    open again; `kept` are no longer covered and stay as they are, as someone holds, claimed or decided them.

    `read` of `candidates` listings were judged, as time and number are limited; `broken` could not be. Where fewer were read,
    or `waiting` listings are not matched yet, the figures are the least there is.
    """

    platform: str
    opens: int = 0
    waits: int = 0
    closes: int = 0
    stays: int = 0
    reopens: int = 0
    kept: int = 0
    read: int = 0
    candidates: int = 0
    broken: int = 0
    waiting: bool = False

    @property
    def is_whole(self) -> bool:
        return self.read == self.candidates and not self.broken and not self.waiting


@dataclass(slots=True)
class Effects:
    """Of one version: `widens` says whether the platforms are notified and their catalogues matched again."""

    widens: bool
    notices: list[NoticeEffects] = field(default_factory=list)

    @property
    def leave_flags_alone(self) -> bool:
        """It is known of every notice that no flag opens or closes."""
        return self.is_whole and not (self.opens or self.waits or self.closes or self.reopens)

    @property
    def opens(self) -> int:
        return sum(each.opens for each in self.notices)

    @property
    def waits(self) -> int:
        return sum(each.waits for each in self.notices)

    @property
    def closes(self) -> int:
        return sum(each.closes for each in self.notices)

    @property
    def stays(self) -> int:
        return sum(each.stays for each in self.notices)

    @property
    def reopens(self) -> int:
        return sum(each.reopens for each in self.notices)

    @property
    def kept(self) -> int:
        return sum(each.kept for each in self.notices)

    @property
    def closes_many(self) -> bool:
        """Whether so many of the undecided flags close that it may be a mistake."""
        return self.closes >= MANY and self.closes > self.stays

    @property
    def read(self) -> int:
        return sum(each.read for each in self.notices)

    @property
    def candidates(self) -> int:
        return sum(each.candidates for each in self.notices)

    @property
    def notified(self) -> int:
        """Platforms that get a message: each where the version names something new, else those whose flags change."""
        return len(self.notices) if self.widens else sum(bool(each.closes or each.reopens) for each in self.notices)

    @property
    def is_whole(self) -> bool:
        return all(each.is_whole for each in self.notices)


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """What a version in force did to the flags that the reader may see: how many it closed and opened again, how many it does
    not cover and left as they were (listed at `kept_url`), and whether some are not judged yet."""

    closed: int
    reopened: int
    kept: int
    kept_url: str
    is_going_on: bool
