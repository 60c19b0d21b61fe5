"""What a visitor does not see although it stands in the markup: hidden by a style, a class name or an element.

Words that nobody sees prove nothing. An external style sheet is not read: the class names that every framework uses for
hidden text stand for it. A rule that is read too widely costs a proof, never makes one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_STYLES = 200_000  # characters of style sheets that are read
MAX_RULES = 500  # rules that hide something
MAX_COMPARED = 200_000  # comparisons of elements with rules; from then on all that a rule may hide is hidden
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)
_PRINTED = re.compile(r"@media\s+print[^{]{0,80}\{(?:[^{}]{0,500}\{[^{}]{0,2000}\}){0,200}[^{}]{0,500}\}")
_FAR = r"(?:-\d{3,}(?:\.\d+)?(?:px|r?em|%|v[wh]|pt|cm)|\d{4,}(?:px|pt)|[1-9]\d{2,}(?:r?em|v[wh]))"
_ZERO = r"(?:0(?:\.0\d*)?|\.0\d*)"
_TINY = rf"(?:{_ZERO}(?:px|r?em|%|pt)?|[12](?:\.\d+)?px)(?![\d.])"
_HIDES = re.compile(
    rf"display:none|(?:display|visibility):var\(|(?<!content-)visibility:(?:hidden|collapse)|content-visibility:hidden|opacity[:(]{_ZERO}%?(?![\d.])"
    rf"|font-size:{_TINY}|zoom:{_ZERO}(?![\d.])|text-indent:{_FAR}"
    rf"|(?:^|;)(?:left|right|top|bottom|inset|margin-left|margin-top):{_FAR}"
    rf"|scale[xy]?\({_ZERO}[,)]|translate\w*\([^)]{{0,40}}{_FAR}|clip:rect\(|clip-path:(?:inset\((?:50|100)%|circle\(0)"
    rf"|(?:^|;)(?:-webkit-text-fill-)?color:(?:transparent|(?:rgb|hsl)a?\([^)]{{0,40}}/{_ZERO}%?\)|(?:rgb|hsl)a\([^)]{{0,40}},{_ZERO}\))"
)
_FLAT = re.compile(rf"(?:^|;)(?:max-)?(?:height|width):{_TINY}")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_COLOURS = {"white": "#ffffff", "black": "#000000", "rgb(255,255,255)": "#ffffff", "rgb(0,0,0)": "#000000"}
_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|d-none|hidden|hide|invisible|offscreen|off-screen|u-hidden|is-hidden|display-none|a-hidden|uk-hidden|"
    r"is-sr-only|clip(?:ped)?|[\w-]*(?:visually-?hidden|screen-?reader|a11y-hidden)[\w-]*)(?=\s|$)"
)
# A step of an animation stands where a selector does, and is about no element.
_STEP = re.compile(r"[\d.]+%?")
_COMPOUND = re.compile(r"[\s>+~]+(?![^\[(]*[\])])")
_PARTS = re.compile(
    r"([.#])([\w-]+)|\[([\w-]+)(?:[~|^$*]?=[\"']?([^\"'\]]*))?[^\]]*\]|(:{1,2}[\w-]+)(?:\([^)]*\))?|^([a-z][\w-]*|\*)"
)
# With any other pseudo class (:hover, ::before, :empty) the rule is not about the element as it stands.
_STRUCTURAL = frozenset((
    ":not", ":is", ":where", ":first-child", ":last-child", ":only-child", ":nth-child", ":nth-last-child", ":root",
    ":first-of-type", ":last-of-type", ":only-of-type", ":nth-of-type", ":nth-last-of-type", ":has", ":any-link",
))  # fmt: skip


def hides(declarations: str) -> bool:
    """Whether these declarations of a style take an element out of sight."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", declarations[:4_000]))
    flat = re.sub(r"\s*([:;,()])\s*", r"\1", " ".join(plain.lower().split()))
    if _HIDES.search(flat):
        return True
    if _FLAT.search(flat) and ("overflow:" in flat or "position:absolute" in flat):
        return True
    colour, ground = _COLOUR.search(flat), _GROUND.search(flat)
    return bool(colour and ground and colour[1].strip() == ground[1].strip())


def own_colours(node: LexborNode) -> tuple[str, str]:
    """The colours that an element's own style gives its text and its ground, in one form; "" where it gives none."""
    flat = "".join((node.attributes.get("style") or "")[:4_000].lower().split())
    found = _COLOUR.search(flat), _GROUND.search(flat)
    return _one_form(found[0][1] if found[0] else ""), _one_form(found[1][1] if found[1] else "")


def _one_form(colour: str) -> str:
    named = _COLOURS.get(colour, colour)
    return re.sub("#(.)(.)(.)", r"#\1\1\2\2\3\3", named) if len(named) == 4 else named


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0x110000 else ""


def out_of_sight(node: LexborNode) -> bool:
    """Whether an element hides its content by what stands on itself."""
    attributes = node.attributes
    if "popover" in attributes or (node.tag == "details" and "open" not in attributes):
        return True
    if _CLASSES.search((attributes.get("class") or "").lower()):
        return True
    style = attributes.get("style")
    return style is not None and hides(style)


@dataclass(frozen=True)
class Compound:
    """The tag, id, classes and attributes that a selector asks of one element."""

    tag: str
    names: frozenset[str]  # ".class" and "#id"
    attributes: tuple[tuple[str, str], ...] = ()

    def fits(self, element: "Element") -> bool:
        return (
            self.tag in {"", "*", element.tag}
            and self.names <= element.names
            and all(name in element.attributes and value in (element.attributes[name] or "") for name, value in self.attributes)
        )  # fmt: skip


@dataclass(frozen=True)
class Element:
    tag: str
    names: frozenset[str]
    attributes: dict[str, str | None]


def element_of(node: LexborNode) -> Element:
    attributes = node.attributes
    names = {f".{name}" for name in (attributes.get("class") or "").split()[:50]}
    return Element(node.tag or "", frozenset(names | {f"#{attributes.get('id')}"}), attributes)


@dataclass
class HidingRules:
    """The rules of a page's own style sheets that hide something, by a name or the tag that they ask for."""

    rules: dict[str, list[list[Compound]]] = field(default_factory=dict)
    left: int = MAX_COMPARED

    def hide(self, element: Element, above: Iterable[Element]) -> bool:
        """Whether a rule hides this element. The order of what stands above it is not compared."""
        around: list[Element] | None = None
        for key in (*element.names, element.tag, "*"):
            for own, *outer in self.rules.get(key, ()):
                self.left -= 1
                if self.left < 0:
                    return True
                if not own.fits(element):
                    continue
                if outer:
                    around = list(above) if around is None else around
                    self.left -= len(around) * len(outer)
                if all(any(each.fits(other) for other in around or ()) for each in outer):
                    return True
        return False


def hiding_rules(tree: LexborHTMLParser) -> HidingRules:
    """The hiding rules of a page; never raises for what a sheet holds."""
    found = HidingRules()
    sheets = _PRINTED.sub("", _COMMENT.sub("", " ".join(node.text() for node in tree.css("style"))[:MAX_STYLES]))
    count = 0
    for before, after in pairwise(sheets.split("{")):
        if not hides(after.partition("}")[0]):
            continue
        for selector in re.split("[};]", before[-1_000:])[-1].split(",")[:20]:
            if _STEP.fullmatch(selector.strip()):
                continue
            if (compounds := _compounds(selector)) and count < MAX_RULES:
                own, count = compounds[0], count + 1
                found.rules.setdefault(min(own.names, default=own.tag or "*"), []).append(compounds)
    return found


def _compounds(selector: str) -> list[Compound]:
    """The element that a selector is about, then those that must stand above it; nothing for :hover and the like."""
    found = []
    for part in reversed(_COMPOUND.split(selector.strip())[-6:]):
        tag, names, attributes = "", set[str](), []
        for mark, name, attribute, value, pseudo, element in _PARTS.findall(part):
            if pseudo and pseudo not in _STRUCTURAL:
                return []
            if mark:
                names.add(mark + name)
            elif attribute:
                attributes.append((attribute.lower(), value))
            elif element:
                tag = element.lower()
        found.append(Compound(tag, frozenset(names), tuple(attributes)))
    return found
