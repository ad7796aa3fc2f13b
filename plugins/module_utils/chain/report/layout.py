# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the things of a scene stand: a wide picture for screens and paper, and a narrow one for phones.

All lengths are in the picture's own units, which are pixels when it is shown in its natural size.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .scene import Box, Link, RouterPart, Scene

MARGIN = 12.0
PADDING = 12.0
CAPTION, TITLE, LINE = 11.0, 15.0, 12.0
CAPTION_ROW, TITLE_ROW, LINE_ROW = 16.0, 21.0, 17.0
# Names and values are set in a monospaced face, whose characters are all about as wide as this part of their size.
EM = 0.61
CAPTION_EM = 0.62  # what is known of captions in a proportional face
WIDE, NARROW = 940.0, 400.0
COLUMN = 252.0
ZONE_HEAD = 26.0
GAP = 52.0


@dataclass(frozen=True)
class Text:
    """A text whose baseline begins, ends or has its middle (``anchor``) at a point; ``full`` if it was shortened."""

    x: float
    y: float
    text: str
    role: str
    anchor: str = "start"
    full: str | None = None


@dataclass(frozen=True)
class Rectangle:
    """A box, by its kind."""

    x: float
    y: float
    width: float
    height: float
    role: str


@dataclass(frozen=True)
class Arrow:
    """A line through points, with an arrow at its end, and one at its start where traffic goes both ways."""

    points: tuple[tuple[float, float], ...]
    both_ways: bool
    broken: bool


@dataclass
class Picture:
    """All shapes, in the order in which they are drawn."""

    title: str
    description: str
    width: float
    height: float = 0.0
    shapes: list[Text | Rectangle | Arrow] = field(default_factory=list)


def cells(text: str) -> float:
    """Return how many characters of a monospaced face a text is wide; those of East Asia take more."""
    return sum(
        0.0 if unicodedata.combining(each) else 1.7 if unicodedata.east_asian_width(each) in "WF" else 1.0
        for each in text
    )


def shortened(text: str, width: float, size: float, em: float = EM) -> str:
    """Return a text as far as it fits, its end replaced by an ellipsis where it does not."""
    room = width / (size * em)
    if cells(text) <= room:
        return text
    kept = ""
    for each in text:
        if cells(kept + each) > room - 1:
            break
        kept += each
    return kept.rstrip() + "…"


def box_height(box: Box) -> float:
    """Return how high a box with all its lines is."""
    return 2 * PADDING + CAPTION_ROW + TITLE_ROW + LINE_ROW * len(box.lines) - 4


class _Draft:
    """A picture in the making."""

    def __init__(self, scene: Scene, width: float) -> None:
        self.picture = Picture(scene.title, scene.description, width)
        self._scene = scene

    def text(
        self, place: tuple[float, float], text: str, role: str, size: float, room: float, *, anchor: str = "start"
    ) -> None:
        """Put a text that takes at most ``room``."""
        em = CAPTION_EM if role in {"caption", "zone"} else EM
        fitting = shortened(text, room, size, em)
        full = text if fitting != text else None
        self.picture.shapes.append(Text(*place, fitting, role, anchor, full))

    def box(self, box: Box, x: float, y: float, width: float, height: float | None = None) -> float:
        """Put a box with its lines; returns where it ends."""
        height = height or box_height(box)
        self.picture.shapes.append(Rectangle(x, y, width, height, box.kind))
        left, room = x + PADDING, width - 2 * PADDING
        baseline = y + PADDING + CAPTION
        self.text((left, baseline), box.caption, "caption", CAPTION, room)
        baseline += TITLE_ROW
        self.text((left, baseline), box.title, "title", TITLE, room)
        for line in box.lines:
            baseline += LINE_ROW
            self.text((left, baseline), line.text, "warn" if line.warns else "line", LINE, room)
        return y + height

    def zone(self, caption: str, x: float, y: float, width: float, height: float) -> None:
        """Put the frame of a group of boxes, with a caption; before the boxes."""
        self.picture.shapes.append(Rectangle(x, y, width, height, "zone"))
        self.text((x + width / 2, y + 18), caption, "zone", CAPTION, COLUMN + 2 * GAP, anchor="middle")

    def way(self, link: Link, *points: tuple[float, float], both_ways: bool = True) -> None:
        """Put a line; what stands at it goes beside its longest part."""
        self.picture.shapes.append(Arrow(points, both_ways, link.broken))
        if link.text:
            (x, y), (x2, y2) = max(itertools.pairwise(points), key=lambda part: math.dist(*part))
            if x == x2:
                self.note(link, (x + 10, (y + y2) / 2 + 4), self.picture.width - x - MARGIN - 10)
            else:
                self.note(link, ((x + x2) / 2, y - 7), abs(x - x2) - 8, "middle")

    def note(self, link: Link, place: tuple[float, float], room: float, anchor: str = "start") -> None:
        """Put what stands at a line."""
        role = "broken" if link.broken else "label"
        self.text(place, f"✕ {link.text}" if link.broken else link.text, role, LINE, room, anchor=anchor)

    def done(self, height: float) -> Picture:
        """Return the picture."""
        self.picture.height = height
        return self.picture


def wide_picture(scene: Scene) -> Picture:
    """Return the picture for wide places: Contrail above, the routers and who is behind them below."""
    draft = _Draft(scene, WIDE)
    inner = MARGIN + PADDING
    right = WIDE - inner - COLUMN
    middle = (WIDE - COLUMN) / 2
    top = MARGIN + ZONE_HEAD + 6
    rows = list(_rows(scene, top))
    bottom = rows[-1][1] + rows[-1][2]
    draft.zone("Contrail", MARGIN, MARGIN, WIDE - 2 * MARGIN, bottom + PADDING - MARGIN)
    ends = {"left": rows[0], "right": rows[-1]}
    for service, y, height in rows:
        draft.box(service, middle, y, COLUMN, height)
    for (_service, y, height), (_next, below, _height) in itertools.pairwise(rows):
        draft.way(Link(), (WIDE / 2, y + height), (WIDE / 2, below), both_ways=scene.both_ways)
    near: dict[str, tuple[float, float]] = {}
    for word, box, x in (("left", scene.left, inner), ("right", scene.right, right)):
        _service, y, height = ends[word]
        end = draft.box(box, x, y, COLUMN, height)
        near[word] = (x + COLUMN / 2, end)
        level = y + height / 2
        start, tip = (inner + COLUMN, middle) if word == "left" else (middle + COLUMN, right)
        draft.way(Link(), (start, level), (tip, level), both_ways=scene.both_ways)
    return draft.done(_routers_wide(draft, scene, near, bottom + PADDING) + MARGIN)


def _rows(scene: Scene, top: float) -> Iterator[tuple[Box, float, float]]:
    """Yield the services with their places and heights; the networks stand beside the first and the last."""
    y = top
    last = len(scene.services) - 1
    for index, service in enumerate(scene.services):
        beside = [scene.left] * (index == 0) + [scene.right] * (index == last)
        height = max(map(box_height, [service, *beside]))
        yield service, y, height
        y += height + GAP - 12


def _routers_wide(draft: _Draft, scene: Scene, near: dict[str, tuple[float, float]], top: float) -> float:
    """Put the routers one below the other; returns where the last one ends."""
    inner = MARGIN + PADDING
    right = WIDE - inner - COLUMN
    y = top
    for index, part in enumerate(scene.routers):
        y += GAP
        middle_box = [part.steering] if part.steering else []
        height = max(map(box_height, [part.left, part.right, *middle_box]))
        draft.zone(
            part.caption[:1].upper() + part.caption[1:], MARGIN, y, WIDE - 2 * MARGIN, ZONE_HEAD + 6 + height + PADDING
        )
        boxes_top = y + ZONE_HEAD + 6
        ends = {}
        for word, box, x in (("left", part.left, inner), ("right", part.right, right)):
            ends[word] = draft.box(box, x, boxes_top, COLUMN, height)
            link = part.link_left if word == "left" else part.link_right
            start_x, start_y = near[word]
            if index == 0:
                points: tuple[tuple[float, float], ...] = ((start_x, start_y), (start_x, boxes_top))
                draft.way(link, *(reversed(points) if word == "left" else points), both_ways=scene.both_ways)
            else:
                _by_the_gutter(draft, scene, link, word, (start_y, y, boxes_top + height / 2))
        if part.steering:
            draft.box(part.steering, (WIDE - COLUMN) / 2, boxes_top, COLUMN, height)
        y = boxes_top + height + PADDING
        y = _outside_wide(draft, scene, part, ends, y)
    return y


def _by_the_gutter(draft: _Draft, scene: Scene, link: Link, word: str, heights: tuple[float, float, float]) -> None:
    """Put the line from a network to a router further below, between the columns, past what stands above it.

    :param heights: where the network ends, where the router's zone begins, and the middle of its VRF.
    """
    network, zone, vrf = heights
    sign = 1 if word == "left" else -1
    edge = MARGIN + PADDING + COLUMN if word == "left" else WIDE - MARGIN - PADDING - COLUMN
    gutter = edge + sign * 30
    points = ((edge, network - 12), (gutter, network - 12), (gutter, vrf), (edge, vrf))
    draft.way(replace(link, text=""), *(reversed(points) if word == "left" else points), both_ways=scene.both_ways)
    if link.text:
        draft.note(link, (gutter + sign * 8, zone - 14), COLUMN / 2, "start" if word == "left" else "end")


def _outside_wide(draft: _Draft, scene: Scene, part: RouterPart, ends: dict[str, float], top: float) -> float:
    sides = [("left", part.outside_left), ("right", part.outside_right)]
    there = [(word, box) for word, box in sides if box is not None]
    if not there:
        return top
    height = max(box_height(box) for _word, box in there)
    for word, box in there:
        x = MARGIN + PADDING if word == "left" else WIDE - MARGIN - PADDING - COLUMN
        draft.box(box, x, top + GAP - 16, COLUMN, height)
        points = ((x + COLUMN / 2, top + GAP - 16), (x + COLUMN / 2, ends[word]))
        draft.way(Link(), *(reversed(points) if word == "right" else points), both_ways=scene.both_ways)
    return top + GAP - 16 + height


def narrow_picture(scene: Scene) -> Picture:
    """Return the picture for narrow places: everything that a packet meets from left to right, one below the other."""
    draft = _Draft(scene, NARROW)
    outside_left = [part.outside_left for part in scene.routers if part.outside_left]
    outside_right = [part.outside_right for part in scene.routers if part.outside_right]
    tiers: list[tuple[list[tuple[str, Box]], Link]] = [
        ([("", each) for each in outside_left], Link()),
        ([(part.caption, part.left) for part in scene.routers], _joined([part.link_left for part in scene.routers])),
        ([("", scene.left)], Link()),
        *(([("", each)], Link()) for each in scene.services),
        ([("", scene.right)], _joined([part.link_right for part in scene.routers])),
        ([(part.caption, part.right) for part in scene.routers], Link()),
        ([("", each) for each in outside_right], Link()),
    ]
    y = MARGIN
    link_above: Link | None = None
    for boxes, link in tiers:
        if not boxes:
            continue
        if link_above is not None:
            draft.way(link_above, (NARROW / 2, y), (NARROW / 2, y + GAP - 8), both_ways=scene.both_ways)
            y += GAP - 8
        for index, (caption, box) in enumerate(boxes):
            y += 10 if index else 0
            named = replace(box, caption=f"{box.caption} of {caption}") if caption else box
            y = draft.box(named, MARGIN, y, NARROW - 2 * MARGIN)
        link_above = link
    return draft.done(y + MARGIN)


def _joined(links: Sequence[Link]) -> Link:
    """Return what stands at a line that stands for those of all routers."""
    texts = list(dict.fromkeys(link.text for link in links if link.text))
    return Link(", ".join(texts), any(link.broken for link in links))
