"""Who is known by name in a case, and what each is called in its redacted export: `Moderator 1`, `Officer 2`, `Seller 1`."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from enforcement.models import Takedown
from enforcement.redaction.rules import Kind
from enforcement.redaction.scanning import parts_of
from listings.models import SellerAnswer, SellerLink
from portal.models import ApiKey, User
from portal.models.accounts import Role

ROLES: dict[str, str] = {
    Role.REGULATOR_STAFF: gettext_noop("Officer"), Role.MODERATOR: gettext_noop("Moderator"),
    Role.PLATFORM_MANAGER: gettext_noop("Platform manager"), Role.ADMIN: gettext_noop("Admin"),
    Role.OPERATOR: gettext_noop("Operator"),
}  # fmt: skip
PROGRAM = " (ofs_"  # in the label of a program, before the beginning of its key


class People:
    """The people of a case, numbered in the order in which they act in it, the others of both sides behind them. They are
    called in the language that is active.

    `acts` are (id, label) of whoever did something in it; a label keeps a name that the account no longer has.
    """

    def __init__(self, takedown: Takedown, acts: Iterable[tuple[int | None, str]]) -> None:
        self.seller, self._nobody = f"{gettext('Seller')} 1", gettext("A person")
        acts = [(pk, label) for pk, label in acts if not label.startswith(("System: ", "Seller (claimed)"))]
        acting = list(dict.fromkeys(pk for pk, _ in acts if pk))
        own = Q(organisation__in=(takedown.regulator_id, takedown.platform_id))
        sides = own | Q(pk__in=acting) | Q(role__in=(Role.ADMIN, Role.OPERATOR))
        users = {user.pk: user for user in User.objects.filter(sides).order_by("pk")}
        self._acting = [users[pk] for pk in acting if pk in users]
        self._others = [user for pk, user in users.items() if pk not in set(acting)]
        self._called: dict[int, str] = {}
        counts: defaultdict[str, int] = defaultdict(int)
        for user in (*self._acting, *self._others):
            role = gettext(ROLES.get(user.role, gettext_noop("Person")))
            counts[role] += 1
            self._called[user.pk] = f"{role} {counts[role]}"
        self._former = {
            name: self._called.get(pk or 0, self._nobody)
            for pk, label in acts
            if (name := _name_in(label)) and PROGRAM not in label
        }
        keys = ApiKey.objects.filter(organisation__in=(takedown.regulator_id, takedown.platform_id)).order_by("pk")
        program = gettext("Program")
        self._programs = {key.pk: (key.name, f"{program} {number}") for number, key in enumerate(keys, 1)}
        flag = takedown.flag
        self._seller = {str(flag.listing.seller), str(flag.listing_as_flagged.get("seller") or "")} - {""}
        answers = SellerAnswer.objects.filter(message__flag=flag).values_list("name", flat=True)
        links = SellerLink.objects.filter(flag=flag).values_list("address", flat=True)
        self._contacts = {each for each in (*answers, *links) if each}

    def names(self, *, with_seller: bool) -> dict[str, tuple[Kind, str]]:
        """Each known name, and what stands for it. The seller's name is one of them where it is to be taken out."""
        found: dict[str, tuple[Kind, str]] = {}
        for former, called in self._former.items():
            for name in (former, *parts_of(former)):
                found[name] = (Kind.PERSON, called)
        for user in self._acting:
            for part in parts_of(user.name):
                found.setdefault(part, (Kind.PERSON, self._called[user.pk]))
        for contact in self._contacts - self._seller:
            for name in (contact, *([] if "@" in contact else parts_of(contact))):
                found[name] = (Kind.SELLER_CONTACT, self.seller)
        for name, called in self._programs.values():
            found[name] = (Kind.PROGRAM, called)
        for user in (*self._others, *self._acting):
            found[user.name] = (Kind.PERSON, self._called[user.pk])
        if with_seller:
            found.update(dict.fromkeys(self._seller, (Kind.SELLER, self.seller)))
        return {name: value for name, value in found.items() if len(name) > 1}

    def who(self, kind: str, user_id: int | None, label: str, *, key_id: int | None = None) -> str:
        """What the one who acted is called. A label of a person or a program never leaves."""
        if kind == "system" and not user_id:
            return label
        if user_id in self._called:
            return self._called[user_id]
        if kind == "seller":
            return self.seller
        if kind == "api":
            return self._programs.get(key_id or 0, ("", gettext("A program")))[1]
        return self._nobody

    def is_program(self, called: str) -> bool:
        return any(called == each for _, each in self._programs.values())

    def labelled(self, label: str) -> str:
        """As `who`, where nothing but the label was kept."""
        if not label or label.startswith("System: "):
            return label
        if label.startswith("Seller (claimed)"):
            return self.seller
        name = _name_in(label)
        known = (self._called[user.pk] for user in (*self._acting, *self._others) if user.name == name)
        return next(known, self._former.get(name, self._nobody))


def _name_in(label: str) -> str:
    """The name in the label of a person or a program: what is before its organisation, and before a key's beginning."""
    return (label.rpartition(", ")[0] or label).partition(PROGRAM)[0].strip()
