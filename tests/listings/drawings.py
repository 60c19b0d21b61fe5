"""Drawn product shots: small things in front of a plain background, size charts and logos."""

import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

Draw = ImageDraw.ImageDraw
SIDE = 800
BACKGROUNDS: dict[str, Callable[[], Image.Image]] = {
    "white": lambda: Image.new("RGB", (SIDE, SIDE), "white"),
    "grey": lambda: Image.new("RGB", (SIDE, SIDE), "#c8c8c8"),
    "a run of light": lambda: (
        Image.linear_gradient("L").resize((SIDE, SIDE)).point(lambda value: 150 + value * 100 // 255).convert("RGB")
    ),
}


def _mug(draw: Draw) -> None:
    draw.rectangle((340, 340, 440, 460), fill="#204080")
    draw.arc((420, 360, 490, 440), -90, 90, fill="#204080", width=14)


def _plug(draw: Draw) -> None:
    draw.rounded_rectangle((350, 350, 450, 450), 20, fill="#222222")
    for left in (370, 420):
        draw.rectangle((left, 300, left + 10, 350), fill="#999999")
    draw.line((400, 450, 400, 540), fill="#222222", width=10)


def _lamp(draw: Draw) -> None:
    draw.polygon([(360, 320), (440, 320), (480, 420), (320, 420)], fill="#c08020")
    draw.rectangle((395, 420, 405, 500), fill="#555555")
    draw.ellipse((360, 490, 440, 515), fill="#555555")


def _car(draw: Draw) -> None:
    draw.rectangle((320, 390, 480, 440), fill="#c02020")
    draw.polygon([(350, 390), (370, 355), (430, 355), (450, 390)], fill="#d04040")
    for left in (335, 425):
        draw.ellipse((left, 425, left + 40, 465), fill="#111111")


def _ball(draw: Draw) -> None:
    draw.ellipse((350, 350, 450, 450), fill="#e06010", outline="#802000", width=4)


def _disc(draw: Draw) -> None:
    draw.ellipse((350, 350, 450, 450), fill="#c02020")


def _other_disc(draw: Draw) -> None:
    draw.ellipse((300, 420, 400, 520), fill="#20a020")


def _ring(draw: Draw) -> None:
    draw.ellipse((350, 350, 450, 450), outline="#a08010", width=12)


PRODUCT_TYPES = {
    "mug": _mug, "plug": _plug, "lamp": _lamp, "car": _car, "ball": _ball, "disc": _disc, "other disc": _other_disc, "ring": _ring,
}  # fmt: skip


def thing(name: str, background: str) -> Image.Image:
    picture = BACKGROUNDS[background]()
    PRODUCT_TYPES[name](ImageDraw.Draw(picture))
    return picture


def size_chart(seed: int, *, coloured: bool) -> Image.Image:
    """A table of numbers; all of one kind have the same lines."""
    chance = random.Random(seed)  # noqa: S311  a picture, no secret
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=30)
    draw.text((280, 40), "SIZE CHART", fill="black", font=font)
    for row in range(8):
        top = 140 + row * 70
        colour = ("#203080" if row == 0 else "#ddddee" if row % 2 else "white") if coloured else "white"
        draw.rectangle((80, top, 720, top + 70), fill=colour, outline="black", width=2)
        for column in range(4):
            ink = "white" if coloured and row == 0 else "black"
            draw.text((110 + column * 160, top + 20), str(chance.randrange(10, 200)), fill=ink, font=font)
    return picture


def logo(word: str, colour: str) -> Image.Image:
    picture = Image.new("RGB", (600, 600), "white")
    ImageDraw.Draw(picture).text((60, 230), word, fill=colour, font=ImageFont.load_default(size=110))
    return picture
