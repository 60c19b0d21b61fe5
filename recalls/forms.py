"""Forms for recalls: what a version says, and its products. Those of imports and feeds are in import_forms.py."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from portal.gtin import NotAGtin, normalise_gtin
from portal.http.addresses import parts_of
from portal.http.language import in_words
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


class RecallForm(forms.Form):
    number = forms.CharField(
        max_length=40,
        label=gettext_noop("Recall number"),
        help_text=gettext_noop("Exactly as published, including leading zeros."),
    )
    title = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    recalled_on = forms.DateField(
        required=False,
        label=gettext_noop("Recall date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    priority = forms.ChoiceField(choices=in_words([("normal", "Normal"), ("urgent", "Urgent")]))
    description = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_noop("Which products and models are included, and which are not."),
    )
    hazard = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    remedy = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sold_at = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Sold at"))
    firms = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Manufacturers, importers and distributors, one per line."),
    )
    url = forms.URLField(required=False, label=gettext_noop("Web address"), assume_scheme="https")
    pictures = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_noop("Addresses, one per line.")
    )

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
    name = forms.CharField(label=gettext_noop("Product"))
    brand = forms.CharField(required=False, max_length=200)
    model_numbers = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Model numbers"),
        help_text=gettext_noop("One per line."),
    )
    gtins = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("GTINs or UPCs"),
        help_text=gettext_noop("One per line."),
    )
    sizes = forms.CharField(
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
        if not any(
            form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")
            for form in self.forms
            if form.is_valid()
        ):
            raise ValidationError(gettext_noop("Enter at least one product."))


ProductFormSet = formset_factory(
    ProductForm, formset=_Products, extra=1, can_delete=True, can_delete_extra=False, max_num=200
)


def content_from(form: RecallForm, products: Any) -> RecallContent:
    """The content that a valid form and its valid products state."""
    data = form.cleaned_data
    kept = [
        row.content() for row in products.forms if row.cleaned_data.get("name") and not row.cleaned_data.get("DELETE")
    ]
    return RecallContent(
        title=data["title"], description=data["description"], hazard=data["hazard"], remedy=data["remedy"], sold_at=data["sold_at"],
        firms=data["firms"], url=data["url"], recalled_on=data["recalled_on"], products=tuple(kept), pictures=data["pictures"],
        units="; ".join(product.units for product in kept if product.units),
    )  # fmt: skip


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
    """The same the other way round, for editing."""
    recall = {
        "title": content.title, "description": content.description, "hazard": content.hazard, "remedy": content.remedy,
        "sold_at": content.sold_at, "firms": "\n".join(content.firms), "url": content.url, "recalled_on": content.recalled_on,
        "pictures": "\n".join(address for address, _ in content.pictures),
    }  # fmt: skip
    products = [
        {
            "name": product.name, "brand": product.brand, "model_numbers": "\n".join(product.model_numbers),
            "gtins": "\n".join(product.gtins), "sizes": "\n".join(product.sizes), "units": product.units,
        }
        for product in content.products
    ]  # fmt: skip
    return recall, products


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_noop("It is recorded in the audit log.")
    )


class EmbargoForm(forms.Form):
    """When an approved recall is published; the moment is read in the reader's zone, which the field names."""

    publish_at = forms.DateTimeField(
        label=gettext_noop("Publish at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        detail = gettext("In your time zone, %(zone)s. The time there is now %(now)s.")
        zone = timezone.get_current_timezone_name()
        self.fields["publish_at"].help_text = detail % {"zone": zone, "now": f"{now:%H:%M}"}


class PublishVersionForm(forms.Form):
    change_note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Change note"),
        help_text=gettext_noop("Platforms see this note."),
    )
