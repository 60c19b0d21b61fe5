"""The meaning of a shop's sentence in 26 languages: a lexicon of word stems by meaning, and rules to combine them.

"This listing was ended by the seller" is a *thing* with an *over*, "no longer available" a *no_more*, "sold out" an *out*:
no phrase needs to be listed. Latin, Greek and Cyrillic letters are compared without accents and case.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAX_WORDS = 30  # a shop's message about a listing is short; a longer sentence is something else
_SHORT = 5
_SPACELESS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_OTHER_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ς": "σ", "ʼ": "'"})  # fmt: skip
# Other things that end, are removed or are unavailable: sessions, coupons, a size or colour, a cart item. Folded.
_OTHER_MATTER = re.compile(
    r"(?<![^\W_])(?:"
    r"session|sitzung|sesion|sessao|sessie|sesja|sesji|сесс|сесі|oturum|istunto|relace|munkamenet|sesiun|συνεδρι|phien lam|"
    r"page (?:has )?expired|connection|verbindung|connexion|conexi|"
    r"coupon|voucher|promo|gutschein|rabatt|cupon|cupom|kupon|купон|discount|trial|code\b|"
    r"cart\b|basket|wish ?list|favou?rit|watchlist|warenkorb|merkzettel|wunsch(?:zettel|liste)|panier|carrito|cesta|carrello|carrinho|"
    r"winkelwagen|koszyk|корзин|кошик|sepet|"
    r"sizes?\b|colou?rs?\b|variant|option|grosse\b|farbe|taille|couleur|tallas?\b|taglia|tamanho|cor\b|maat\b|kleur|rozmiar|kolor|размер|"
    r"цвет|розмір|колір|beden|renk|storlek|storrelse|farg|farve|"
    r"service\b|browser|navigateur|navegador|account|konto\b|compte\b|cuenta\b|passwor|shipping option|delivery option|review|versand)|"
    r"会话|會話|セッション|세션|جلسة|เซสชัน|优惠|優惠|クーポン|쿠폰|购物车|購物車|カート|장바구니|尺码|尺碼|颜色|顏色|サイズ|カラー|사이즈|색상"
)
# Words that are complete messages, like a status: "Ended", "Beendet", "已下架".
_ALONE = re.compile(
    r"(?:sale |listing |auction )?ended|delisted|removed|discontinued|beendet|verkauf beendet|vente (?:terminee|cloturee)|terminee?|terminad[oa]|finalizad[oa]|"
    r"terminat[oa]|conclus[oa]|scadut[oa]|encerrad[oa]|beeindigd|zakonczon[eay]|завершен[оаы]?|снят[оа]? с (?:продажи|публикации)|знято|"
    r"(?:该?商品)?(?:已经?)?(?:下架|停售)|已(?:结束|結束|删除|刪除|失效|截止)|(?:販売|掲載|出品|受付)?終了(?:しました)?|取扱終了|판매 ?(?:종료|중지)|경매 ?종료|sona erdi|"
    r"avslutad|avsluttet|afsluttet|paattynyt|ukonceno|lejart|incheiat[a]?|εληξε|da ket thuc|สิ้นสุดแล้ว|berakhir"
)
_WITHOUT_SPACES = frozenset({"zh", "ja", "ko", "th", "ar"})  # words of these are found inside others
_TOLD = ("over", "no_more", "not_found", "out", "here", "wall", "outage", "oops", "cookies")


def fold(text: str) -> str:
    """`text` for comparison: without compatibility forms, case, and accents of Latin, Greek and Cyrillic."""
    flat = _ACCENTS.sub("", unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", flat).translate(_OTHER_LETTERS)).strip()


@dataclass(frozen=True)
class Language:
    """The stems of one language, by meaning; `relevant` finds whether a page has any relevant ones."""

    code: str
    means: dict[str, re.Pattern[str]]
    relevant: re.Pattern[str]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    stored = json.loads((Path(__file__).parent / "lexicon.json").read_text(encoding="utf-8"))
    found = []
    for code, stems in stored.items():
        means = {name: _pattern(code, [stem]) for name, stem in stems.items()}
        found.append(Language(code, means, _pattern(code, [stems[name] for name in _TOLD])))
    return tuple(found)


def _pattern(code: str, stems: list[str]) -> re.Pattern[str]:
    start = "" if code in _WITHOUT_SPACES else r"(?<![^\W_])"
    # Folding converts to lower case: placeholders protect the escapes of the lexicon (\w, \b, \W).
    joined = "|".join(stems).replace(r"\W", "\ue000")
    return re.compile(start + "(?:" + fold(joined).replace("\ue000", r"\W") + ")", re.MULTILINE)


def spoken(text: str) -> list[Language]:
    """The languages of which a folded text has relevant words."""
    return [language for language in languages() if language.relevant.search(text)]


def states_any(meaning: str, text: str) -> bool:
    """Whether a short folded text has a stem of `meaning` in any language."""
    return bool(text) and any(language.means[meaning].search(text) for language in languages())


def length(sentence: str) -> float:
    """How many words a sentence has; in scripts without spaces, two letters count as one word."""
    letters = len(_SPACELESS.findall(sentence))
    return letters / 2 + len(re.findall(r"\w+", _SPACELESS.sub(" ", sentence)))


def meanings(sentence: str, among: list[Language], *, emphasised: bool) -> set[str]:
    """The meanings of a folded sentence: wall, outage, oops, restricted, ended, not_found, out, opinion; perhaps
    nothing."""
    words, said = length(sentence), set[str]()
    if words > MAX_WORDS * 2:
        return said
    for language in among:
        if language.relevant.search(sentence):
            said |= _said(sentence, language.means, words=words, emphasised=emphasised)
    if "wall" in said or "cookies" in said:
        return said & {"wall"}
    if _ALONE.fullmatch(sentence.rstrip(" .!。！0123456789:/-")):
        said.add("ended")
    return said


def _said(sentence: str, means: dict[str, re.Pattern[str]], *, words: float, emphasised: bool) -> set[str]:
    said = {name for name in ("wall", "outage", "oops", "out", "cookies") if means[name].search(sentence)}
    if words > MAX_WORDS:
        return said
    if means["here"].search(sentence) and means["no"].search(sentence):
        return said | {"restricted"}
    if _OTHER_MATTER.search(sentence):
        return said
    product_type = bool(means["thing"].search(sentence))
    over, no_more, out = (means[name].search(sentence) for name in ("over", "no_more", "out"))
    if means["now"].search(sentence):
        # "No longer available at the moment" is about stock; "currently removed" is unclear.
        return said | {"out"} if no_more or out else said
    if no_more and out and no_more.start() <= out.start() and out.end() <= no_more.end():
        said.discard("out")  # "not available any more" contains "not available"
    denied = means["not"].search(sentence) is not None
    if no_more and not denied and "out" not in said and (product_type or words <= _SHORT):
        said.add("ended")
    if over and not denied and product_type:
        said.add("ended")
    if means["not_found"].search(sentence) and (emphasised or means["page"].search(sentence)):
        said.add("not_found")
    return said
