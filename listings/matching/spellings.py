"""British spellings, which recalls of the United States and Canadian shops write otherwise: a shop's "grey aluminium
organiser" is the recall's gray aluminum organizer. Words that are alike in meaning alone (pram, cot) are product types of
the lexicon."""

_OUR = "armour behaviour colour favour favourite flavour harbour honour humour labour neighbour odour parlour rumour savour vapour"
_RE = "centre fibre litre metre millilitre centimetre millimetre kilometre theatre lustre sabre calibre sombre spectre"
_ISE = (
    "atomise caramelise customise deodorise digitise energise equalise fertilise galvanise immobilise minimise moisturise "
    "neutralise organise oxidise personalise polarise pressurise pulverise sanitise stabilise sterilise tenderise "
    "texturise tranquillise vaporise"
)
_LLED = "channelled chiselled enamelled jewelled labelled levelled panelled swivelled travelled tunnelled"
_OTHERS = {
    "aluminium": "aluminum",
    "anaesthetic": "anesthetic",
    "analogue": "analog",
    "catalogue": "catalog",
    "cosy": "cozy",
    "draught": "draft",
    "doughnut": "donut",
    "grey": "gray",
    "haemorrhoid": "hemorrhoid",
    "jeweller": "jeweler",
    "jewellery": "jewelry",
    "kerb": "curb",
    "leveller": "leveler",
    "licence": "license",
    "mould": "mold",
    "moulded": "molded",
    "moulding": "molding",
    "moustache": "mustache",
    "orthopaedic": "orthopedic",
    "paediatric": "pediatric",
    "plough": "plow",
    "programme": "program",
    "pyjama": "pajama",
    "speciality": "specialty",
    "sulphur": "sulfur",
    "theatre": "theater",
    "traveller": "traveler",
    "travelling": "traveling",
    "tyre": "tire",
    "woollen": "woolen",
    "yoghurt": "yogurt",
}


def _spellings() -> dict[str, str]:
    found = {word: f"{word[:-2]}er" for word in _RE.split()}
    found |= {word: word.replace("our", "or") for word in _OUR.split()}
    found["coloured"], found["flavoured"], found["armoured"] = "colored", "flavored", "armored"
    for word in _ISE.split():
        for end in ("e", "er", "ed", "ing"):
            found[f"{word[:-1]}{end}"] = f"{word[:-2]}z{end}"
        found[f"{word[:-1]}ation"] = f"{word[:-2]}zation"
    found |= {word: f"{word[:-4]}l{word[-2:]}" for word in _LLED.split()}
    return found | _OTHERS


IN_AMERICAN = _spellings()
"""A British word in the singular → the American one."""
