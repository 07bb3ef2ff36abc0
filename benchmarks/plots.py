# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plots as SVG, for light and dark pages: bars, and curves over the number of tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple
from xml.sax.saxutils import escape

Samples = Mapping[str, Sequence[float]]

STYLE = """<style>
svg{--ink:#1f2933;--soft:#5a6672;--line:#dde3e9;--paper:#ffffff;--ours:#1f7a5c;--other:#8a96a3;--far:#2f6fc4;--near:#c2571a}
@media (prefers-color-scheme:dark){
svg{--ink:#e6edf3;--soft:#9aa7b4;--line:#30363d;--paper:#0d1117;--ours:#4cc38a;--other:#6e7a86;--far:#6cb0ff;--near:#ffa657}}
text{fill:var(--ink);font-family:system-ui,sans-serif;font-size:14px}
.soft{fill:var(--soft);font-size:12px}.title{font-weight:bold}
.grid{stroke:var(--line)}.paper{fill:var(--paper)}.dot{fill:var(--ink)}
</style>"""
WIDTH = 860


class Curve(NamedTuple):
    """A line: its name, its colour, whether it is dashed, and the samples at each number of tables."""

    name: str
    colour: str
    dashed: bool
    samples: Mapping[int, Sequence[float]]


def bars(title: str, samples: Samples, names: Mapping[str, str], ours: Sequence[str]) -> str:
    """A bar for each contender, as long as its median, with the samples as dots."""
    left, thick, gap = 390, 26, 16
    most = max(value for found in samples.values() for value in found)
    scale = (WIDTH - left - 90) / most
    parts = []
    for row, (name, found) in enumerate(samples.items()):
        top = 44 + row * (thick + gap)
        middle, length = top + thick / 2, median(found) * scale
        colour = "ours" if name in ours else "other"
        parts += [
            f'<text x="{left - 8}" y="{middle + 5}" text-anchor="end">{escape(names[name])}</text>',
            f'<rect x="{left}" y="{top}" width="{length:.1f}" height="{thick}" fill="var(--{colour})"/>',
            *(f'<circle class="dot" cx="{left + each * scale:.1f}" cy="{middle}" r="2.5"/>' for each in found),
            f'<text x="{left + max(length, max(found) * scale) + 8:.1f}" y="{middle + 5}">{median(found):.0f}</text>',
        ]
    return _page(title, (thick + gap) * len(samples) + 60, parts)


def curves(title: str, unit: str, found: Sequence[Curve], logarithmic: bool) -> str:
    """A line for each contender through its medians, with the samples as dots, over the number of tables."""
    left, right, top, bottom, height = 70, 270, 60, 50, 420
    numbers = sorted({number for curve in found for number in curve.samples})
    values = [value for curve in found for each in curve.samples.values() for value in each]
    ticks = _decades(min(values), max(values)) if logarithmic else _steps(max(values))
    lowest, highest = ticks[0], ticks[-1]

    def across(number: float) -> float:
        share = math.log(number / numbers[0]) / math.log(numbers[-1] / numbers[0])
        return left + share * (WIDTH - left - right)

    def up(value: float) -> float:
        share = (value - lowest) / (highest - lowest)
        if logarithmic:
            share = math.log(value / lowest) / math.log(highest / lowest)
        return height - bottom - share * (height - top - bottom)

    parts = [f'<text class="soft" x="{left - 8}" y="{top - 14}" text-anchor="end">{escape(unit)}</text>']
    for tick in ticks:
        parts.append(f'<line class="grid" x1="{left}" x2="{WIDTH - right}" y1="{up(tick):.1f}" y2="{up(tick):.1f}"/>')
        parts.append(f'<text class="soft" x="{left - 8}" y="{up(tick) + 4:.1f}" text-anchor="end">{tick:,g}</text>')
    for number in numbers:
        middle = f'x="{across(number):.1f}" y="{height - bottom + 20}"'
        parts.append(f'<text class="soft" {middle} text-anchor="middle">{number:,}</text>')
    middle = f'x="{(left + WIDTH - right) / 2:.0f}" y="{height - bottom + 40}"'
    parts.append(f'<text class="soft" {middle} text-anchor="middle">tables</text>')
    for row, curve in enumerate(found):
        dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
        through = [f"{across(number):.1f},{up(median(each)):.1f}" for number, each in sorted(curve.samples.items())]
        stroke = f'fill="none" stroke="var(--{curve.colour})" stroke-width="2.5"{dash}'
        parts.append(f'<polyline points="{" ".join(through)}" {stroke}/>')
        parts += [
            f'<circle cx="{across(number):.1f}" cy="{up(value):.1f}" r="3" fill="var(--{curve.colour})"/>'
            for number, each in curve.samples.items()
            for value in each
        ]
        start, line = WIDTH - right + 20, top + 10 + row * 24
        parts.append(f'<line x1="{start}" x2="{start + 28}" y1="{line}" y2="{line}" {stroke}/>')
        parts.append(f'<text x="{start + 36}" y="{line + 5}">{escape(curve.name)}</text>')
    return _page(title, height, parts)


def _page(title: str, height: float, parts: Sequence[str]) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        STYLE,
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        f'<text class="title" x="10" y="26">{escape(title)}</text>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _decades(least: float, most: float) -> list[float]:
    """Ticks at 1, 2 and 5 of each power of ten, from below the least to above the most."""
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
    low = max(tick for tick in ticks if tick <= least)
    high = min((tick for tick in ticks if tick >= most), default=ticks[-1])
    return [tick for tick in ticks if low <= tick <= high]


def _steps(most: float) -> list[float]:
    """Ticks from nothing to above the most, in round steps."""
    step = next(_round_steps(most / 5))
    return [number * step for number in range(math.ceil(most / step) + 1)]


def _round_steps(least: float) -> Iterator[float]:
    power = 10.0 ** math.floor(math.log10(least))
    yield from (digit * power for digit in (1, 2, 5, 10) if digit * power >= least)
