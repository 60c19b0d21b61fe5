"""Texts of formal letters: the standard templates in the languages of platforms, and how to fill them in. Pure."""

from collections.abc import Mapping
from string import Template
from typing import NamedTuple

from django.utils.translation import gettext_noop

FIELDS = {
    "regulator": gettext_noop("sender"),
    "platform": gettext_noop("recipient"),
    "date": gettext_noop("date of the letter"),
    "recall": gettext_noop("recall number"),
    "recall_title": gettext_noop("recall title"),
    "hazard": gettext_noop("hazard of the recalled product"),
    "listing": gettext_noop("listing ID on the platform"),
    "listing_title": gettext_noop("listing title"),
    "seller": gettext_noop("seller of the listing"),
    "sent": gettext_noop("time the notice was sent"),
    "flagged": gettext_noop("time the listing was flagged"),
    "due": gettext_noop("deadline"),
    "deadline_reason": gettext_noop("reason for the deadline"),
}
"""The fields of a template, written as $field."""


class LetterText(NamedTuple):
    subject: str
    body: str


SHIPPED: dict[str, LetterText] = {
    "en": LetterText(
        "Listing $listing of a recalled product is still on sale",
        """$regulator
To: $platform
$date

Recall $recall: $recall_title
Hazard: $hazard
Listing: $listing, $listing_title
Seller: $seller
Flagged: $flagged
Due: $due ($deadline_reason)

You were notified of this recall on $sent. The time to take the listing down has passed and its removal has not been proved.

We ask you to take the listing down at once, to keep it from coming back, and to tell us within one working day what you have done.
""",
    ),
    "de": LetterText(
        "Angebot $listing eines zurückgerufenen Produkts ist weiterhin im Verkauf",
        """$regulator
An: $platform
$date

Rückruf $recall: $recall_title
Gefahr: $hazard
Angebot: $listing, $listing_title
Verkäufer: $seller
Gemeldet: $flagged
Frist: $due ($deadline_reason)

Wir haben Ihnen diesen Rückruf am $sent mitgeteilt. Die Frist zur Entfernung des Angebots ist abgelaufen, und die Entfernung ist nicht nachgewiesen.

Wir fordern Sie auf, das Angebot unverzüglich zu entfernen, sein Wiedererscheinen zu verhindern und uns binnen eines Arbeitstages mitzuteilen, was Sie veranlasst haben.
""",
    ),
    "es": LetterText(
        "El anuncio $listing de un producto retirado sigue a la venta",
        """$regulator
A: $platform
$date

Retirada $recall: $recall_title
Riesgo: $hazard
Anuncio: $listing, $listing_title
Vendedor: $seller
Señalado: $flagged
Plazo: $due ($deadline_reason)

Les notificamos esta retirada el $sent. El plazo para eliminar el anuncio ha vencido y su eliminación no está acreditada.

Les pedimos que eliminen el anuncio de inmediato, que impidan que vuelva a publicarse y que nos comuniquen en el plazo de un día hábil lo que han hecho.
""",
    ),
    "zh-hans": LetterText(
        "召回产品的商品 $listing 仍在销售",
        """$regulator
致：$platform
$date

召回 $recall：$recall_title
危险：$hazard
商品：$listing，$listing_title
卖家：$seller
标记时间：$flagged
截止时间：$due（$deadline_reason）

我们已于 $sent 将此召回通知贵方。下架期限已过，尚无证据证明该商品已下架。

请立即下架该商品，防止其再次上架，并在一个工作日内告知我们所采取的措施。
""",
    ),
}


class UnknownField(ValueError):
    """A template has an unknown field; `detail` (to translate) and `params` say which, and which fields exist."""

    def __init__(self, detail: str, **params: str) -> None:
        super().__init__(detail % params if params else detail)
        self.detail, self.params = detail, params


def filled_in(text: LetterText, values: Mapping[str, str]) -> LetterText:
    """The letter with its fields filled in. Raises UnknownField for a $name that is not in FIELDS."""
    return LetterText(_fill(text.subject, values), _fill(text.body, values).strip())


def check(text: LetterText) -> None:
    """Raises UnknownField where no letter can be written from the template."""
    filled_in(text, dict.fromkeys(FIELDS, ""))


def _fill(text: str, values: Mapping[str, str]) -> str:
    try:
        return Template(text).substitute(values)
    except KeyError as error:
        known = ", ".join(f"${name}" for name in FIELDS)
        detail = gettext_noop("$%(name)s is not a field of letters. Use %(known)s.")
        raise UnknownField(detail, name=str(error.args[0]), known=known) from None
    except ValueError:
        raise UnknownField(gettext_noop("A $ has no field name after it. Write $$ for a dollar sign.")) from None
