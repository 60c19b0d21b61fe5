"""Forms for recalls: what a version says, and its products. Those of imports and feeds are in import_forms.py."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from portal.gtin import NotAGtin, normalise_gtin
from portal.http.addresses import parts_of
from portal.http.language import in_words
from portal.http.moment_fields import MomentField
from portal.reason_forms import ReasonForm
from portal.texts import MAX_NOTE, MAX_TEXT
from recalls.safety_forms import (
    INJURY_FIELDS,
    BusinessFormSet,
    InjuryFields,
    MeasureFormSet,
    business_initial,
    measure_initial,
    rows_of,
)
from recalls.services import ProductContent, RecallContent

NOT_A_GTIN = (
    gettext_noop("%(given)s is in scientific notation, so digits are lost: format the column as text and export again"),
    gettext_noop("%(given)s is not a GTIN: it must have digits only"),
    gettext_noop("%(given)s has %(count)d digits: a GTIN has 8, 12, 13 or 14"),
    gettext_noop("%(given)s has a wrong check digit: compare it with the label"),
)
"""What portal.gtin says, marked for translation here because that module knows nothing of Django."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _gtins(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The GTINs of a field with one a line, and what is wrong with the other lines."""
    found, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(normalise_gtin(line))
            except NotAGtin as error:
                wrong.append(
                    gettext("Line %(number)d: %(problem)s.")
                    % {"number": number, "problem": gettext(error.words) % error.values}
                )
    return tuple(dict.fromkeys(found)), wrong


class RecallForm(InjuryFields):
    number = forms.CharField(
        max_length=40,
        label=gettext_noop("Recall number"),
        help_text=gettext_noop("Exactly as published, including leading zeros."),
    )
    title = forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
    recalled_on = forms.DateField(
        required=False,
        label=gettext_noop("Recall date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    priority = forms.ChoiceField(choices=in_words([("normal", "Normal"), ("urgent", "Urgent")]))
    description = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_noop("Which products and models are included, and which are not."),
    )
    hazard = forms.CharField(max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    remedy = forms.CharField(max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sold_at = forms.CharField(
        max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Sold at")
    )
    firms = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Firms whose role you do not enter under Businesses, one per line."),
    )
    url = forms.URLField(max_length=1_000, required=False, label=gettext_noop("Web address"), assume_scheme="https")
    pictures = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Addresses, one per line."),
    )

    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in INJURY_FIELDS]

    def injury_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in INJURY_FIELDS]

    def injuries_open(self) -> bool:
        """Whether anything is entered, or wrong, in the group that is closed otherwise."""
        return any(field.errors or field.value() not in (None, "") for field in self.injury_fields())

    def clean_firms(self) -> tuple[str, ...]:
        return _lines(self.cleaned_data["firms"])

    def clean_pictures(self) -> tuple[tuple[str, str], ...]:
        addresses = _lines(self.cleaned_data["pictures"])
        for number, address in enumerate(addresses, 1):
            if not address.startswith(("http://", "https://")):
                detail = gettext("Line %(number)d: %(address)s must start with http:// or https://.")
                raise ValidationError(detail % {"number": number, "address": address[:60]})
            if (parts := parts_of(address)) is None or not parts.hostname:
                detail = gettext("Line %(number)d: %(address)s is not a web address. Check its host name.")
                raise ValidationError(detail % {"number": number, "address": address[:60]})
        return tuple((address, "") for address in addresses)


class ProductForm(forms.Form):
    name = forms.CharField(max_length=2_000, label=gettext_noop("Product"))
    brand = forms.CharField(required=False, max_length=200)
    model_numbers = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Model numbers"),
        help_text=gettext_noop("One per line."),
    )
    gtins = forms.CharField(
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("GTINs or UPCs"),
        help_text=gettext_noop("One per line."),
    )
    sizes = forms.CharField(
        max_length=MAX_TEXT,
        label=gettext_noop("Sizes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
        help_text=gettext_noop("One per line, with units."),
    )
    units = forms.CharField(required=False, max_length=200, label=gettext_noop("Units sold"))

    def clean_gtins(self) -> tuple[str, ...]:
        found, wrong = _gtins(self.cleaned_data["gtins"])
        if wrong:
            raise ValidationError([ValidationError(detail) for detail in wrong])
        return found

    def content(self) -> ProductContent:
        data = self.cleaned_data
        return ProductContent(
            name=data["name"], brand=data["brand"], model_numbers=_lines(data["model_numbers"]), gtins=data["gtins"],
            sizes=_lines(data["sizes"]), units=data["units"],
        )  # fmt: skip


class _Products(BaseFormSet):
    def clean(self) -> None:
        if any(form.errors for form in self.forms):
            return  # which say what is wrong with a product that was entered
        if not any(form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE") for form in self.forms):
            raise ValidationError(gettext_noop("Enter at least one product."))


ProductFormSet = formset_factory(
    ProductForm, formset=_Products, extra=1, can_delete=True, can_delete_extra=False, max_num=200
)


@dataclass(frozen=True, slots=True)
class RecallForms:
    """What the recall editor is made of: one form, and formsets by the word in their button ("Add another …")."""

    form: RecallForm
    products: Any
    measures: Any
    businesses: Any

    @property
    def sets(self) -> dict[str, Any]:
        return {"product": self.products, "measure": self.measures, "business": self.businesses}

    @property
    def opened(self) -> list[str]:
        """The sets in which anything is entered, or wrong: groups of the page that are closed otherwise."""
        return [
            word
            for word, rows in self.sets.items()
            if rows.total_form_count() > 1
            or (rows.is_bound and (rows.non_form_errors() or any(row.has_changed() or row.errors for row in rows)))
        ]

    def is_valid(self) -> bool:
        """Every part is judged, so that all errors show at once. Measures and businesses that were not sent stay."""
        parts = [self.form, self.products, *(each for each in (self.measures, self.businesses) if each.is_bound)]
        return not [part for part in parts if not part.is_valid()]

    def content(self, before: RecallContent | None = None) -> RecallContent:
        """The content that the forms state when they are valid; `before` is what is stored."""
        data = self.form.cleaned_data
        kept = [
            row.content()
            for row in self.products.forms
            if row.cleaned_data.get("name") and not row.cleaned_data.get("DELETE")
        ]
        return RecallContent(
            title=data["title"], description=data["description"], hazard=data["hazard"], remedy=data["remedy"],
            sold_at=data["sold_at"], firms=data["firms"], url=data["url"], recalled_on=data["recalled_on"],
            products=tuple(kept), pictures=_with_captions(data["pictures"], before),
            units="; ".join(row.units for row in kept if row.units),
            measures=rows_of(self.measures) if self.measures.is_bound else before.measures if before else (),
            businesses=rows_of(self.businesses) if self.businesses.is_bound else before.businesses if before else (),
            **{name: data[name] for name in INJURY_FIELDS},
        )  # fmt: skip

    def forget_errors(self) -> None:
        """Let what is entered stand without judging it: no one asked to save yet."""
        for rows in self.sets.values():
            for errors in (rows.non_form_errors(), *(row.errors for row in rows.forms)):
                errors.clear()
        self.form.errors.clear()


def _with_captions(pictures: tuple[tuple[str, str], ...], before: RecallContent | None) -> tuple[tuple[str, str], ...]:
    """The pictures with the captions that they had: the form asks for addresses alone."""
    captions = dict(before.pictures) if before else {}
    return tuple((address, caption or captions.get(address, "")) for address, caption in pictures)


def _product_forms(given: Any, products: list[dict[str, Any]]) -> Any:
    """An empty row is offered where there is no product yet; beside others it looks like something still to fill in."""
    rows = ProductFormSet(given or None, initial=products, prefix="products")
    rows.extra = 0 if products else 1
    return rows


def forms_of(given: Any, content: RecallContent | None) -> RecallForms:
    """The editor for a content that is being written, or for a new recall; bound where its parts were sent."""
    recall, products = initial_from(content) if content else ({"priority": "normal"}, [])
    measures = [measure_initial(each) for each in content.measures] if content else []
    businesses = [business_initial(each) for each in content.businesses] if content else []

    def bound(prefix: str) -> Any:
        return given if given and f"{prefix}-TOTAL_FORMS" in given else None

    return RecallForms(
        RecallForm(given or None, initial=recall),
        _product_forms(given, products),
        MeasureFormSet(bound("measures"), initial=measures, prefix="measures"),
        BusinessFormSet(bound("businesses"), initial=businesses, prefix="businesses"),
    )


def content_so_far(form: RecallForm, products: Any) -> tuple[RecallContent, list[str]]:
    """What bound forms say at this moment, complete or not, for showing how it is read and never for storing; and
    which lines of their GTIN fields are none."""

    def said(row: Any, name: str) -> str:
        return str(row[name].value() or "").strip()

    rows, wrong = [], []
    for row in products.forms:
        deleted = "DELETE" in row.fields and row["DELETE"].value()
        if deleted or not any(said(row, name) for name in ("name", "brand", "model_numbers", "gtins")):
            continue
        gtins, not_gtins = _gtins(said(row, "gtins"))
        wrong += not_gtins
        rows.append(
            ProductContent(
                said(row, "name"),
                said(row, "brand"),
                _lines(said(row, "model_numbers")),
                gtins,
                _lines(said(row, "sizes")),
            )
        )
    content = RecallContent(
        title=said(form, "title"),
        description=said(form, "description"),
        sold_at=said(form, "sold_at"),
        firms=_lines(said(form, "firms")),
        products=tuple(rows),
        pictures=tuple((address, "") for address in _lines(said(form, "pictures"))),
    )
    return content, wrong


def initial_from(content: RecallContent) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The same the other way round, for editing. Businesses name their firms themselves."""
    named = {business.name for business in content.businesses}
    recall = {
        "title": content.title, "description": content.description, "hazard": content.hazard, "remedy": content.remedy,
        "sold_at": content.sold_at, "firms": "\n".join(firm for firm in content.firms if firm not in named), "url": content.url, "recalled_on": content.recalled_on,
        "pictures": "\n".join(address for address, _ in content.pictures),
        **{name: getattr(content, name) for name in INJURY_FIELDS},
    }  # fmt: skip
    products = [
        {
            "name": product.name, "brand": product.brand, "model_numbers": "\n".join(product.model_numbers),
            "gtins": "\n".join(product.gtins), "sizes": "\n".join(product.sizes), "units": product.units,
        }
        for product in content.products
    ]  # fmt: skip
    return recall, products


class LeadForm(ReasonForm):
    """Whether two recalls are about one product."""

    answer = forms.ChoiceField(
        choices=in_words(
            [("same", gettext_noop("Same product")), ("other", gettext_noop("Not the same product"))],
        ),
        widget=forms.RadioSelect,
        label=gettext_noop("Answer"),
    )
    field_order = ("answer", "reason")


class EmbargoForm(forms.Form):
    """When an approved recall is published; the moment is read in the reader's zone, which the field names."""

    publish_at = MomentField(
        label=gettext_noop("Publish at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        detail = gettext("In your time zone, %(zone)s. The time there is now %(now)s.")
        zone = timezone.get_current_timezone_name()
        self.fields["publish_at"].help_text = detail % {"zone": zone, "now": f"{now:%H:%M}"}


def seen_field(**kwargs: Any) -> forms.CharField:
    """Which text the page showed that is approved (services.seen_text); without it nothing is."""
    return forms.CharField(widget=forms.HiddenInput, required=False, **kwargs)


class PublishVersionForm(forms.Form):
    seen = seen_field()
    change_note = forms.CharField(
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Change note"),
        help_text=gettext_noop("Platforms see this note."),
    )


class SubmitVersionForm(forms.Form):
    """What the author of a version tells the second person, who publishes it under this note or another."""

    change_note = forms.CharField(
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Change note"),
        help_text=gettext_noop("What changed and why. Platforms see this note after publication."),
    )
