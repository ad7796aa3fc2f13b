# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture as SVG, to stand in a page. Colours come from the page's style, by the class of each shape."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from .layout import Arrow, Picture, Rectangle, Text
from .markup import element

ARROW = 7.0


def svg(picture: Picture, name: str, css_class: str) -> ET.Element:
    """Return the element of a picture.

    :param name: begins the ids inside, so that they are unique in the page.
    :param css_class: tells the wide from the narrow picture.
    """
    title = element("title", {"id": f"{name}-title"}, picture.title)
    description = element("desc", {"id": f"{name}-desc"}, picture.description)
    attributes = {
        "viewBox": f"0 0 {_number(picture.width)} {_number(picture.height)}",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "class": css_class,
    }
    ways = [shape for each in picture.shapes if isinstance(each, Arrow) for shape in _way(each)]
    boxes = [_rectangle(each) for each in picture.shapes if isinstance(each, Rectangle)]
    texts = [_text(each) for each in picture.shapes if isinstance(each, Text)]
    return element("svg", attributes, title, description, *boxes, *ways, *texts)


def _rectangle(shape: Rectangle) -> ET.Element:
    place = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height, "rx": 8.0}
    return element("rect", {**{key: _number(value) for key, value in place.items()}, "class": f"b-{shape.role}"})


def _text(shape: Text) -> ET.Element:
    attributes = {"x": _number(shape.x), "y": _number(shape.y), "class": f"t-{shape.role}"}
    if shape.anchor != "start":
        attributes["text-anchor"] = shape.anchor
    full = [element("title", {}, shape.full)] if shape.full else []
    return element("text", attributes, shape.text, *full)


def _way(shape: Arrow) -> list[ET.Element]:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
    state = " broken" if shape.broken else ""
    ends = [(shape.points[-2], shape.points[-1])]
    if shape.both_ways:
        ends.append((shape.points[1], shape.points[0]))
    return [
        element("polyline", {"points": points, "class": f"way{state}"}),
        *(element("path", {"d": _arrow(*each), "class": f"arrow{state}"}) for each in ends),
    ]


def _arrow(start: tuple[float, float], tip: tuple[float, float]) -> str:
    """Return the path of an arrow head whose tip is at the end of a level or upright line."""
    along = [(after > before) - (after < before) for before, after in zip(start, tip, strict=True)]
    back = [place - ARROW * 1.3 * step for place, step in zip(tip, along, strict=True)]
    side = [ARROW * 0.6 * along[1], ARROW * 0.6 * along[0]]
    corners = [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return "M" + " L".join(f"{_number(x)},{_number(y)}" for x, y in corners) + " Z"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
