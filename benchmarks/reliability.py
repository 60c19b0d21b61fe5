"""Reliability of scores: are seven of ten pairs with the score 0.7 right?"""

from collections.abc import Sequence
from typing import NamedTuple

BINS = 10
WIDTH, HEIGHT, MARGIN = 420, 420, 48
ROW = 3  # diagrams beside each other


class Bin(NamedTuple):
    """Pairs with scores from `low` up to `high`: how many, their mean score, and the share that is right."""

    low: float
    high: float
    pairs: int
    score: float
    right: float


def measured(labels: Sequence[float], scores: Sequence[float]) -> list[Bin]:
    """Ten bins of equal width; empty ones are left out."""
    found = []
    for place in range(BINS):
        low, high = place / BINS, (place + 1) / BINS
        inside = [
            (label, score)
            for label, score in zip(labels, scores, strict=True)
            if low <= score < high or (score == high == 1.0)
        ]
        if inside:
            mean = sum(score for _, score in inside) / len(inside)
            found.append(Bin(low, high, len(inside), mean, sum(label for label, _ in inside) / len(inside)))
    return found


def brier(labels: Sequence[float], scores: Sequence[float]) -> float:
    """The mean squared difference between score and truth: 0 is perfect."""
    return sum((score - label) ** 2 for label, score in zip(labels, scores, strict=True)) / len(labels)


def error_of(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far score and share are apart, mean over all pairs."""
    return sum(each.pairs * abs(each.score - each.right) for each in bins) / sum(each.pairs for each in bins)


def drawn(bins: Sequence[Bin]) -> str:
    """The reliability diagram as SVG: mean score against share right, and the diagonal of a perfect score."""
    return _svg(WIDTH, HEIGHT, "Reliability: share of right pairs by score", _panel(bins, "score of held-out pairs"))


def beside(named: Sequence[tuple[str, Sequence[Bin]]]) -> str:
    """Diagrams of several sets, three in a row, each with its name."""
    panels = [
        f'<g transform="translate({place % ROW * WIDTH} {place // ROW * HEIGHT})">{_panel(bins, name)}</g>'
        for place, (name, bins) in enumerate(named)
    ]
    high = -(-len(named) // ROW) * HEIGHT
    return _svg(ROW * WIDTH, high, "Reliability of each source: share of right pairs by score", "".join(panels))


def _svg(width: int, height: int, label: str, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{label}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{content}</svg>\n'
    )


def _panel(bins: Sequence[Bin], name: str) -> str:
    def x(value: float) -> float:
        return MARGIN + value * (WIDTH - 2 * MARGIN)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - value * (HEIGHT - 2 * MARGIN)

    points = " ".join(f"{x(each.score):.1f},{y(each.right):.1f}" for each in bins)
    dots = "".join(
        f'<circle cx="{x(each.score):.1f}" cy="{y(each.right):.1f}" r="4" fill="#005ea2"/>'
        f'<text x="{x(each.score) + 7:.1f}" y="{y(each.right) + 14:.1f}" fill="#565c65">{each.pairs}</text>'
        for each in bins
    )
    ticks = "".join(
        f'<text x="{x(value / 10):.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{value / 10:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{y(value / 10) + 4:.1f}" text-anchor="end">{value / 10:.1f}</text>'
        for value in range(0, 11, 2)
    )
    return (
        f'<path d="M{x(0)} {y(0)}H{x(1)}M{x(0)} {y(0)}V{y(1)}" stroke="#a9aeb1" fill="none"/>'
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#a9aeb1" stroke-dasharray="4 4"/>'
        f'<polyline points="{points}" fill="none" stroke="#005ea2" stroke-width="2"/>{dots}{ticks}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">{name}</text>'
        f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">share right</text>'
    )
