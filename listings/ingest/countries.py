"""Countries as sellers write them, in many languages, as their codes (ISO 3166-1 alpha-2)."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

WORLD, UNION = "WORLD", "EU"
_LANGUAGES = (
    "en", "de", "fr", "es", "it", "nl", "pl", "pt", "cs", "sk", "hu", "ro", "sv", "da", "nb", "fi", "tr", "ru", "uk", "el",
    "bg", "hr", "sl", "lt", "lv", "et", "zh_Hans", "zh_Hant", "ja", "ko", "ar", "he", "th", "vi", "id",
)  # fmt: skip
_REGIONS = {
    WORLD: (
        "world", "worldwide", "world wide", "global", "international", "all countries", "anywhere", "everywhere", "weltweit", "alle länder",
        "mondial", "monde entier", "tous pays", "mundial", "todo el mundo", "todos los países", "mondiale", "tutto il mondo",
        "wereldwijd", "cały świat", "mundo inteiro", "全球", "全世界", "世界各国", "全世界対応", "전세계", "весь мир", "по всему миру",
    ),
    UNION: ("eu", "eu27", "european union", "europäische union", "union européenne", "unión europea", "unione europea", "欧盟", "歐盟"),
    "US": ("usa", "u.s.a.", "u.s.", "united states of america", "estados unidos de américa", "美國"),
    "GB": ("uk", "u.k.", "great britain", "england", "großbritannien", "grande-bretagne", "gran bretaña", "英国", "英國"),
    "CZ": ("czech republic", "tschechische republik"), "KR": ("korea", "republic of korea", "south korea"),
    "NL": ("holland", "the netherlands"), "CN": ("mainland china", "中国大陆"), "RU": ("russian federation",),
    "AE": ("uae", "u.a.e."), "VN": ("viet nam",), "TR": ("turkey",),
}  # fmt: skip
_NOTHING = re.compile(r"[\W_]+")
MAX_NAME = 80


def code_of(text: str) -> str:
    """The code of a country, UNION, or WORLD; "" for what is none of these. US, USA, Vereinigte Staaten, 美国 are US."""
    return _codes().get(_plain(text[:MAX_NAME]), "")


def _plain(text: str) -> str:
    return _NOTHING.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    countries = {code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)}
    countries -= {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    found: dict[str, str] = {}
    for alias, codes in get_global("territory_aliases").items():
        if re.fullmatch("[A-Z]{2,3}", alias) and len(codes) == 1 and codes[0] in countries:
            found[_plain(alias)] = codes[0]
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in countries:
                found.setdefault(_plain(name), code)
                found.setdefault(_plain(name.replace("&", "and")), code)
    found |= {_plain(code): code for code in countries}
    return found | {_plain(name): code for code, names in _REGIONS.items() for name in names}
