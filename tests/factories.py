"""Readable test data: a factory makes the smallest valid row; a test names what matters to it."""

import hashlib
import io
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import factory
from django.db.models import Model
from factory.django import DjangoModelFactory
from PIL import Image

from enforcement.models import Policy, PolicyStep
from listings.models import Flag, Listing
from portal.identity.encryption import encrypt
from portal.media.imaging import thumbnail
from portal.models import Hook, Organisation, Thumbnail, User, WebhookEndpoint
from portal.notifications.signatures import new_secret
from recalls.models import Notice, Product, Recall, RecallVersion

M = TypeVar("M", bound=Model)
PASSWORD = "correct horse battery staple"
NOTICE_SENT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday


class ModelFactory(DjangoModelFactory[M]):
    """Called, a factory gives a row. factory-boy does so in a metaclass, which mypy does not read; it reads `__new__`."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def __new__(cls, *_arguments: Any, **_fields: Any) -> M: ...  # type: ignore[misc]


class OrganisationFactory(ModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = "platform"
    name = factory.Sequence(lambda n: f"Platform {n}")
    slug = factory.Sequence(lambda n: f"platform-{n}")


class UserFactory(ModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = "moderator"
    organisation = factory.SubFactory(OrganisationFactory)

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)


class WebhookEndpointFactory(ModelFactory[WebhookEndpoint]):
    class Meta:
        model = WebhookEndpoint

    organisation = factory.SubFactory(OrganisationFactory)
    url = "https://hooks.example.org/offshelf"
    secret = factory.LazyFunction(lambda: encrypt(new_secret()))


class HookFactory(ModelFactory[Hook]):
    """A delivery that is queued, unless told otherwise."""

    class Meta:
        model = Hook

    endpoint = factory.SubFactory(WebhookEndpointFactory)
    organisation = factory.SelfAttribute("endpoint.organisation")
    key = factory.Sequence(lambda n: f"key {n}")
    message_id = factory.Sequence(lambda n: f"msg_{n}")
    event_type = "notification.sent"
    payload: dict[str, Any] = {}


class RecallFactory(ModelFactory[Recall]):
    """A published recall of one product, unless told otherwise."""

    class Meta:
        model = Recall
        skip_postgeneration_save = True

    regulator = factory.SubFactory(OrganisationFactory, kind="regulator")
    number = factory.Sequence(lambda n: f"26{n:03}")
    title = "Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard"
    status = "published"
    published_at = NOTICE_SENT

    @factory.post_generation
    def product(self: Recall, create: bool, extracted: dict[str, Any] | None, **_kwargs: Any) -> None:
        product = {
            "name": "Hearthline Ceramic Tower Heaters",
            "brand": "Hearthline",
            "model_numbers": ["HL-200R"],
            "gtins": ["00012345678905"],
        } | (extracted or {})
        version = RecallVersion.objects.create(
            recall=self,
            title=self.title,
            description=f"This recall involves {product['name']} with model number {', '.join(product['model_numbers'])}.",
            hazard="The heater can overheat, posing a fire hazard.",
            remedy="Refund",
            firms=[product["brand"]],
            published_at=self.published_at if self.status == "published" else None,
        )
        Product.objects.create(version=version, **product)
        self.current = version
        self.search = f"{self.number} {self.title}".lower()
        self.save()


class PolicyFactory(ModelFactory[Policy]):
    """Six hours from sending; reminder two hours before, then missed, the officer and the letter after it."""

    class Meta:
        model = Policy
        skip_postgeneration_save = True

    regulator = factory.SubFactory(OrganisationFactory, kind="regulator")
    name = factory.Sequence(lambda n: f"Within hours {n}")
    amount = 6
    unit = "hours"

    @factory.post_generation
    def ladder(self: Policy, create: bool, extracted: Any, **_kwargs: Any) -> None:
        steps = extracted or [("reminder", -7200), ("missed", 0), ("officer", 3600), ("letter", 86400)]
        PolicyStep.objects.bulk_create(
            PolicyStep(policy=self, step=number, kind=kind, offset_seconds=offset)
            for number, (kind, offset) in enumerate(steps, 1)
        )


TERMS = {
    "policy": "Within hours",
    "amount": 6,
    "unit": "hours",
    "starts_on": "sent",
    "start_latest_hours": 24,
    "country": "US",
    "time_zone": "UTC",
    "checks_needed": 2,
    "check_interval_seconds": 3600,
    "rescans": [3600, 21600, 86400],
    "steps": [
        {"step": 1, "kind": "reminder", "offset_seconds": -7200},
        {"step": 2, "kind": "missed", "offset_seconds": 0},
        {"step": 3, "kind": "officer", "offset_seconds": 3600},
        {"step": 4, "kind": "letter", "offset_seconds": 86400},
    ],
}


class NoticeFactory(ModelFactory[Notice]):
    class Meta:
        model = Notice

    recall = factory.SubFactory(RecallFactory)
    version = factory.SelfAttribute("recall.current")
    platform = factory.SubFactory(OrganisationFactory)
    terms = factory.LazyFunction(lambda: dict(TERMS))
    sent_at = NOTICE_SENT


@cache
def _thumbnail() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return thumbnail(out.getvalue()).data


class ThumbnailFactory(ModelFactory[Thumbnail]):
    """A picture that was fetched and kept; `digest` is that of its address."""

    class Meta:
        model = Thumbnail

    outcome = "kept"
    data = factory.LazyFunction(_thumbnail)
    etag = factory.LazyAttribute(lambda row: hashlib.sha256(row.data).hexdigest())
    again_at = None
    fetched_at = NOTICE_SENT


class ListingFactory(ModelFactory[Listing]):
    class Meta:
        model = Listing

    platform = factory.SubFactory(OrganisationFactory)
    external_id = factory.Sequence(lambda n: f"L-{n}")
    title = "Hearthline HL-200R ceramic tower heater 1500 W"
    brand = "Hearthline"
    seller = "northside-deals"
    link = factory.LazyAttribute(lambda listing: f"https://shop.example.org/listing/{listing.external_id}")
    digest = factory.LazyAttribute(lambda listing: hashlib.sha256(listing.title.encode()).hexdigest())
    match_due = False


class FlagFactory(ModelFactory[Flag]):
    """A bare flag row without clock, for tests of pages and access; flows open flags through the services."""

    class Meta:
        model = Flag

    notice = factory.SubFactory(NoticeFactory)
    recall = factory.SelfAttribute("notice.recall")
    regulator = factory.SelfAttribute("recall.regulator")
    platform = factory.SelfAttribute("notice.platform")
    listing = factory.SubFactory(ListingFactory, platform=factory.SelfAttribute("..platform"))
    product = factory.LazyAttribute(lambda flag: flag.recall.current.products.first())
    score = 0.95
    band = "flag"
    listing_digest = factory.SelfAttribute("listing.digest")
    opened_at = NOTICE_SENT
