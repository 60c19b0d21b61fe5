"""What a press release says of itself, of whom to ask, of how many there are and of what they cost, and not of what the
product is. Before 2003 a recall's description was often the whole release: its number, the agency's address and telephone
numbers read like model numbers, and a recall that seemed to be limited to them matched nothing."""

import re

HEAD = 1_000  # characters within which a release states its number
_HEAD = re.compile(rf".{{0,{HEAD}}}?\bRelease ?(?:#|No\.?:?) ?\d\d-\d{{2,4}}[A-Z]?\b", re.DOTALL | re.IGNORECASE)
_DATELINE = re.compile(r"\bW(?:ASHINGTON|ashington), D\.? ?C\.?(?: ?\([^()]{1,30}\))?,? ?-{1,2}")
_PHONE = r"(?:\b1[- ])?(?:\(\d{3}\) ?|\b8(?:00|33|44|55|66|77|88)-)\d{3}-\d{4}(?!\d|-\d)"
_CONTACTS = re.compile(
    r"\b(?:CPSC (?:Consumer )?(?:Hotline|Media Contacts?)|Company (?:Phone Number|Recall Hotline|Hotline|Contact)|"
    rf"CONTACT|Media Contacts?): ?[^():]{{0,80}}{_PHONE}"
)
_NUMBER_TO_CALL = re.compile(_PHONE)
_STATES = (
    r"Alabama|Ala\.|Alaska|Arizona|Ariz\.|Arkansas|Ark\.|California|Calif\.|Colorado|Colo\.|Connecticut|Conn\.|Delaware|Del\.|"
    r"Florida|Fla\.|Georgia|Ga\.|Hawaii|Idaho|Illinois|Ill\.|Indiana|Ind\.|Iowa|Kansas|Kan\.|Kentucky|Ky\.|Louisiana|La\.|"
    r"Maine|Maryland|Md\.|Massachusetts|Mass\.|Michigan|Mich\.|Minnesota|Minn\.|Mississippi|Miss\.|Missouri|Mo\.|Montana|"
    r"Mont\.|Nebraska|Neb\.|Nevada|Nev\.|New Hampshire|N\. ?H\.|New Jersey|N\. ?J\.|New Mexico|N\. ?M\.|New York|N\. ?Y\.|"
    r"North Carolina|N\. ?C\.|North Dakota|N\. ?D\.|Ohio|Oklahoma|Okla\.|Oregon|Ore\.|Pennsylvania|Pa\.|Rhode Island|R\. ?I\.|"
    r"South Carolina|S\. ?C\.|South Dakota|S\. ?D\.|Tennessee|Tenn\.|Texas|Utah|Vermont|Vt\.|Virginia|Va\.|Washington|Wash\.|"
    r"West Virginia|W\. ?Va\.|Wisconsin|Wis\.|Wyoming|Wyo\.|D\. ?C\.|"
    r"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_CITY = rf"[A-Z][\w.'’-]++(?: [A-Z][\w.'’-]++){{0,2}}, (?:{_STATES})"
_SEAT = re.compile(rf"\b(?:of|in|at) {_CITY}(?!\w)")
_POSTAL_CODE = re.compile(rf"(?<![\w.'’-]){_CITY},? \d{{5}}(?:-\d{{4}})?(?![\d-])")
_STREET = re.compile(
    r"\b\d{2,5} (?:[A-Z][\w.]*+ ){1,3}(?:Avenue|Ave|Av|Street|St|Road|Rd|Drive|Boulevard|Blvd|Lane|Parkway|Highway)\b"
)
_UNITS = re.compile(
    r"\b(?:[Aa]bout|[Aa]pproximately|[Nn]early|[Ss]ome|[Oo]ver|additional|recalling) \d{1,3}(?:,\d{3})+(?! ?BTU)\b"
)
_PRICE = re.compile(r"[$€£] ?\d[\d,]*(?:\.\d\d)?")


def of_the_product(description: str) -> str:
    """`description` with blanks in these places, so that every other word stays where it is."""
    if not any(map(str.isdigit, description)):
        return description
    head = _HEAD.match(description)
    if head:
        description = " " * head.end() + _DATELINE.sub(_blank, description[head.end() :])
    for pattern in (_CONTACTS, _NUMBER_TO_CALL, _POSTAL_CODE, _STREET, _SEAT, _UNITS, _PRICE):
        description = pattern.sub(_blank, description)
    return description


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
