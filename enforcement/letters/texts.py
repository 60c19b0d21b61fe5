"""Texts of formal letters: the templates that ship, in the languages of platforms, and how one is filled in. Pure."""

from collections.abc import Mapping
from string import Template
from typing import NamedTuple

from django.utils.translation import gettext_noop

FIELDS = {
    "regulator": gettext_noop("who writes"),
    "platform": gettext_noop("to whom"),
    "date": gettext_noop("the day of the letter"),
    "recall": gettext_noop("number of the recall"),
    "recall_title": gettext_noop("its title"),
    "hazard": gettext_noop("its hazard"),
    "listing": gettext_noop("the platform's id of the listing"),
    "listing_title": gettext_noop("its title"),
    "seller": gettext_noop("its seller"),
    "sent": gettext_noop("when the notice was sent"),
    "flagged": gettext_noop("when the listing was flagged"),
    "due": gettext_noop("when it was due"),
    "deadline_reason": gettext_noop("why then"),
}
"""What a template can name, as $field."""


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
    """A template names something that no letter knows; the message says what it can name."""


def filled_in(text: LetterText, values: Mapping[str, str]) -> LetterText:
    """The letter with its fields in place. Raises UnknownField for a $name that FIELDS does not have."""
    return LetterText(_fill(text.subject, values), _fill(text.body, values).strip())


def check(text: LetterText) -> None:
    """Raises UnknownField where a letter could not be written from the template."""
    filled_in(text, dict.fromkeys(FIELDS, ""))


def _fill(text: str, values: Mapping[str, str]) -> str:
    try:
        return Template(text).substitute(values)
    except KeyError as error:
        known = ", ".join(f"${name}" for name in FIELDS)
        raise UnknownField(f"${error.args[0]} is not known: a letter has {known}.") from None
    except ValueError:
        raise UnknownField("A $ stands alone: write $$ for the sign itself.") from None
