"""Minimal pairs: invented recalls and listings that differ in one thing each, and what must come of them.

Written after those that the engine was worked on with, for other brands and other kinds of products, to see whether what
was learnt there holds elsewhere. `SEEN` recalls were looked at while the rules were written; the others were not.
"""

from typing import NamedTuple

from listings.matching import ListingText, ProductText, RecallText


class Row(NamedTuple):
    """One listing: the recall that it must (`flag`) or must not be flagged for; `kind` says what differs."""

    kind: str
    recall: str
    flag: bool
    listing: ListingText


def _recall(number: str, title: str, description: str, name: str, *models: str) -> RecallText:
    return RecallText(number, title, description, (ProductText(name, models=models),))


SEEN = ("1", "3", "5", "7", "9", "11")
"""The numbers of half of the recalls, two of each sort."""

RECALLS = {
    recall.number: recall
    for recall in (
        # brand of two words in one, whatever the model
        _recall("1", "RoamPeak Backpacking Tents Recalled Due to Fire Hazard", "This recall involves RoamPeak brand two-person tents in green and orange.", "RoamPeak Tents"),
        _recall("2", "CozyMill Humidifiers Recalled Due to Burn Hazard", "This recall involves CozyMill brand humidifiers in white and gray.", "CozyMill Humidifiers"),
        # two lines in one name
        _recall("3", "Tessary Recalls Glowbrook and Silent Tide Table Lamps Due to Shock Hazard", "This recall involves Tessary Glowbrook and Silent Tide table lamps in brass and black.", "Glowbrook and Silent Tide table lamps"),
        _recall("4", "Ardwell Recalls Fernhop and Gentle Arc Bassinets Due to Fall Hazard", "This recall involves Ardwell Fernhop and Gentle Arc bassinets with wooden legs.", "Fernhop and Gentle Arc bassinets"),
        # one line
        _recall("5", "Ostrivo Merla Strollers Recalled Due to Laceration Hazard", "This recall involves Ostrivo Merla strollers.", "Ostrivo Merla Stroller"),
        _recall("6", "Culbrin Tavo Blenders Recalled Due to Laceration Hazard", "This recall involves Culbrin Tavo blenders.", "Culbrin Tavo Blender"),
        # a model
        _recall("7", "Ostrivo Recalls Hedge Trimmers Due to Injury Hazard", "This recall involves Ostrivo cordless hedge trimmers with model number HV340. Other models are not included.", "Ostrivo cordless hedge trimmers", "HV340"),
        _recall("8", "Tessary Recalls Space Heaters Due to Fire Hazard", "This recall involves Tessary ceramic space heaters with model number LR2250. Other models are not included.", "Tessary ceramic space heaters", "LR2250"),
        # a short brand
        _recall("9", "KIM Bicycle Helmets Recalled Due to Head Injury Hazard", "This recall involves KIM brand adult bicycle helmets.", "KIM bicycle helmets"),
        _recall("10", "ELO Power Banks Recalled Due to Fire Hazard", "This recall involves ELO brand 10,000 mAh power banks.", "ELO power banks"),
        # a part that was sold in something
        _recall("11", "Culbrin Recalls Drone Batteries Due to Fire Hazard", "This recall involves Culbrin lithium polymer batteries sold with Culbrin M40 and M40s drones. They were also sold separately.", "Culbrin lithium polymer drone batteries"),
        _recall("12", "Ardwell Recalls Tablet Chargers Due to Burn Hazard", "This recall involves Ardwell wall chargers sold with Ardwell T60 and T60e tablets. They were also sold separately.", "Ardwell tablet chargers"),
    )
}  # fmt: skip

_TITLES: dict[str, dict[str, tuple[str, ...]]] = {
    "brand split or joined": {
        "1": ("Roam Peak tent", "ROAM PEAK 2-person tent, green", "Roam-Peak tent", "roampeak backpacking tent orange", "ROAMPEAK tent"),
        "2": ("Cozy Mill humidifier", "COZY MILL cool mist humidifier, white", "Cozy-Mill humidifier", "cozymill humidifier gray", "COZYMILL ultrasonic humidifier"),
    },
    "names joined by and": {
        "3": ("Tessary Glowbrook table lamp", "Tessary Silent Tide Lamp brass", "Tessary SilentTide table lamp 45cm", "Tessary The Silent-Tide Table Lamp 18 in TL5500871", "Tessary Glowbrook lamp, black"),
        "4": ("Ardwell Fernhop bassinet", "Ardwell Gentle Arc Bassinet gray", "Ardwell GentleArc bassinet", "Ardwell The Gentle-Arc Bassinet 33 in BS7700412", "Ardwell Fernhop baby bassinet, natural"),
    },
    "other line": {
        "3": ("Tessary Marlow table lamp", "Tessary desk fan 30 cm", "Tessary Nightfall table lamp", "Tessary floor mirror", "Tessary Corona Table Lamp brass"),
        "4": ("Ardwell Sorrel bassinet", "Ardwell diaper bag", "Ardwell Willow bassinet", "Ardwell baby monitor", "Ardwell Juniper Bassinet gray"),
    },
    "noise in the title": {
        "5": ("Ostrivo m[erla stroller", "Ostrivo 90417 merla 2in1 stroller", "Ostrivo Merla 2 in 1 stroller, red", "Ostrivo (Merla) stroller!!", "Ostrivo Merla   stroller ***"),
        "6": ("Culbrin t[avo blender", "Culbrin 55120 tavo 3in1 blender", "Culbrin Tavo 3 in 1 blender, black", "Culbrin *Tavo* blender", "Culbrin / Tavo / blender"),
    },
    "sister name": {
        "5": ("Ostrivo Perla stroller", "Ostrivo Merlo stroller", "Ostrivo Mirla stroller, blue", "Ostrivo Gerla stroller", "Ostrivo Merra stroller"),
        "6": ("Culbrin Tava blender", "Culbrin Favo blender", "Culbrin Taro blender, red", "Culbrin Bavo blender", "Culbrin Tivo blender"),
    },
    "misspelt brand": {
        "5": ("Ostivo Merla stroller", "Ostrrivo Merla stroller", "Ostriov Merla stroller", "Ostrvo Merla stroller", "Osttrivo Merla stroller"),
        "6": ("Culbin Tavo blender", "Cullbrin Tavo blender", "Culbirn Tavo blender", "Culbrn Tavo blender", "Culbrinn Tavo blender"),
    },
    "model respaced": {
        "7": ("Ostrivo HV-340 hedge trimmer", "Ostrivo HV 340 hedge trimmer", "Ostrivo hedge trimmer hv340", "Ostrivo hedge trimmer model: HV340", "Ostrivo HV340, 20 in. hedge trimmer"),
        "8": ("Tessary LR-2250 space heater", "Tessary LR 2250 heater", "Tessary space heater lr2250", "Tessary ceramic heater model: LR2250", "Tessary LR225O, 1500 W heater"),
    },
    "model one mark off": {
        "7": ("Ostrivo HV341 hedge trimmer", "Ostrivo HV340T hedge trimmer", "Ostrivo HV3400 hedge trimmer", "Ostrivo HV340-2 hedge trimmer", "Ostrivo HV430 hedge trimmer"),
        "8": ("Tessary LR2251 space heater", "Tessary LR2250B space heater", "Tessary LR22500 space heater", "Tessary LR2250-4 space heater", "Tessary LR2520 space heater"),
    },
    "not the recalled one": {
        "7": ("Ostrivo HV340B hedge trimmer (NOT the recalled HV340)", "Ostrivo hedge trimmer HV340 - this one is not recalled", "Ostrivo Heckenschere HV340, nicht vom Rückruf betroffen", "Ostrivo HV340 hedge trimmer, isn't part of the recall", "Ostrivo HV340 taille-haie, non concerné par le rappel"),
        "8": ("Tessary LR2250C heater (not the recalled LR2250)", "Tessary heater LR2250 - not on recall", "Tessary Heizlüfter LR2250 - kein Rückruf", "Tessary calefactor LR2250, no está retirado", "Tessary LR2250 heater never recalled"),
    },
    "toy or miniature": {
        "7": ("Toy hedge trimmer Ostrivo HV340", "Spielzeug Heckenschere Ostrivo HV340", "Ostrivo HV340 1:6 scale model", "Taille-haie jouet Ostrivo HV340", "玩具 Ostrivo HV340"),
        "8": ("Dollhouse heater Tessary LR2250", "Juguete calefactor Tessary LR2250", "Tessary LR2250 miniature keychain", "Игрушка обогреватель Tessary LR2250", "Oyuncak ısıtıcı Tessary LR2250"),
    },
    "made for it": {
        "1": ("Footprint groundsheet for RoamPeak tent", "RoamPeak tent pole repair kit", "Rain cover for RoamPeak tent"),
        "2": ("CozyMill humidifier filter", "Wick for CozyMill humidifier", "CozyMill humidifier replacement lid"),
        "3": ("Lampshade for Tessary Glowbrook table lamp", "Tessary Glowbrook table lamp switch"),
        "4": ("Fitted sheet for Ardwell Fernhop bassinet", "Ardwell Fernhop bassinet mattress"),
        "5": ("Ostrivo Merla stroller cup holder", "Footmuff for Ostrivo Merla stroller", "Ostrivo Merla stroller wheel"),
        "6": ("Culbrin Tavo blender jar", "Gasket for Culbrin Tavo blender", "Culbrin Tavo blender blade"),
        "7": ("Ostrivo HV340 blade only, spare part", "Carburetor for Ostrivo HV340 hedge trimmer", "Ostrivo HV340 owner's manual"),
        "8": ("Tessary LR2250 motor only", "Dust filter for Tessary LR2250 heater", "Tessary LR2250 instruction manual"),
    },
    "foreign kind": {
        "1": ("Zelt RoamPeak grün", "Tente RoamPeak orange", "палатка RoamPeak"),
        "2": ("Luftbefeuchter CozyMill weiß", "Humidificador CozyMill blanco", "увлажнитель CozyMill"),
        "3": ("Tessary Glowbrook Tischlampe", "lámpara de mesa Tessary Silent Tide"),
        "4": ("Ardwell Fernhop Stubenwagen", "moisés Ardwell Gentle Arc"),
        "5": ("Ostrivo Merla Kinderwagen", "коляска Ostrivo Merla"),
        "6": ("Culbrin Tavo Standmixer", "licuadora Culbrin Tavo"),
    },
    "compound kind": {
        "2": ("CozyMill airhumidifier white", "CozyMill roomhumidifier", "CozyMill babyhumidifier", "CozyMill homehumidifier gray", "CozyMill minihumidifier"),
        "5": ("Ostrivo Merla babystroller", "Ostrivo Merla citystroller", "Ostrivo Merla jogstroller", "Ostrivo Merla travelstroller", "Ostrivo Merla kidsstroller"),
    },
    "short brand": {
        "9": ("KIM bicycle helmet size M", "KIM adult bike helmet", "KIM Bicycle Helmet black", "bicycle helmet KIM", "KIM helmet for adults bicycle"),
        "10": ("ELO power bank 10000mAh", "ELO powerbank", "Power bank ELO black", "ELO Power Bank 10,000 mAh", "ELO portable charger power bank"),
    },
    "short brand as a word": {
        "9": ("Bicycle helmet, kimono print", "Zendale bicycle helmet", "Bicycle helmet M", "Kimber bicycle helmet", "Adult bicycle helmet black"),
        "10": ("Power bank 10000mAh", "Zendale power bank 10000mAh", "Elon fan art power bank", "Belo power bank", "Portable power bank black"),
    },
    "part inside": {
        "11": ("Culbrin M40 drone with camera", "Culbrin M40s drone, used", "Original battery for Culbrin M40", "Culbrin drone M40 4K", "Culbrin M40 drone lithium battery"),
        "12": ("Ardwell T60 tablet 64 GB", "Ardwell T60e tablet, used", "Original charger for Ardwell T60", "Ardwell tablet T60 10 inch", "Ardwell T60 tablet charger"),
    },
    "another host": {
        "11": ("Culbrin M90 drone with camera", "Culbrin X7 drone", "Culbrin K20 drone, used", "Case for Culbrin M40 drone", "Culbrin M41 drone"),
        "12": ("Ardwell T90 tablet 64 GB", "Ardwell N5 tablet", "Ardwell R20 tablet, used", "Sleeve for Ardwell T60 tablet", "Ardwell T61 tablet"),
    },
}  # fmt: skip
_FLAGGED = frozenset(
    {
        "brand split or joined", "names joined by and", "noise in the title", "misspelt brand", "model respaced",
        "foreign kind", "compound kind", "short brand", "part inside",
    }
)  # fmt: skip

ROWS = tuple(
    Row(kind, number, kind in _FLAGGED, ListingText(f"{kind} {number}.{place}", title))
    for kind, titles in _TITLES.items()
    for number, said in titles.items()
    for place, title in enumerate(said)
)
