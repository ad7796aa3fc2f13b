# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Junos configuration as a tree of statements, and the edits that lead from one tree to another.

Pure Python. A :class:`Statement` mirrors one element of native Junos XML. What a module wants is written into
a copy of the router's tree; :func:`difference` then yields the smallest document for ``load-configuration``
that turns one into the other, with ``delete="delete"`` for what goes and ``insert="before"`` for terms that
must not stand last.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from ...values.secrets import HIDDEN, is_secret_statement

Step: TypeAlias = "str | tuple[str, str]"
"""One step of a path: the name of a container, or a list and the name of one of its entries."""

LEAF_LISTS = frozenset(
    {
        "destination-port",
        "dscp",
        "export",
        "import",
        "input-list",
        "next-header",
        "next-hop",
        "output-list",
        "protocol",
        "source-port",
        "traffic-class",
        "vrf-export",
        "vrf-import",
    }
)
"""Statements that repeat their element once for each value (Junos YANG, leaf-list)."""

LEAVES = {"vrf-target": frozenset({"export", "import"})}
"""Where a statement of that name is a single leaf all the same, by the container that it stands in."""

ORDERED_LISTS = frozenset({"term"})
"""Lists whose order has a meaning: new entries append, only ``insert`` puts one elsewhere."""

Identity = tuple[str, str]


class Index:
    """The entries of a list of children by tag and key, which follows what is appended."""

    def __init__(self, children: list[Statement]) -> None:
        self._children = children
        self._length = 0
        self._last: Statement | None = None
        self._found: dict[Step, Statement] = {}

    def still_fits(self, children: list[Statement]) -> bool:
        """Return whether the children are those known so far, perhaps with more behind them."""
        if children is not self._children or len(children) < self._length:
            return False
        return not self._length or children[self._length - 1] is self._last

    def entries(self) -> dict[Step, Statement]:
        """Return the first entry of each tag and key."""
        for child in self._children[self._length :]:
            key = child.name
            if key is not None:
                self._found.setdefault((child.tag, key), child)
        self._length = len(self._children)
        if self._children:
            self._last = self._children[-1]
        return self._found


@dataclass
class Statement:
    """One element: its tag, its text (a leaf) or children (a container), and attributes such as
    ``inactive``."""

    tag: str
    text: str | None = None
    children: list[Statement] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    _index: Index | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str | None:
        """The key of a list entry, None for everything else."""
        key = self.child("name")
        return key.text if key is not None else None

    @property
    def is_bare(self) -> bool:
        """Return whether nothing but the key is left inside."""
        return all(child.tag == "name" for child in self.children)

    def child(self, step: Step) -> Statement | None:
        """Return the first child that the step names."""
        if isinstance(step, str):
            for child in self.children:  # plain loops here: a plan walks down some hundred times for each VRF
                if child.tag == step:
                    return child
            return None
        return self._entries().get(step)

    def _entries(self) -> dict[Step, Statement]:
        """Return the entries of lists by tag and key; what was looked up before is not looked up again."""
        if self._index is None or not self._index.still_fits(self.children):
            self._index = Index(self.children)
        return self._index.entries()

    def all(self, tag: str) -> list[Statement]:
        """Return the children with this tag, in order."""
        return [child for child in self.children if child.tag == tag]

    def find(self, *steps: Step) -> Statement | None:
        """Walk down; None where a step is missing."""
        here: Statement | None = self
        for step in steps:
            if here is None:
                return None
            here = here.child(step)
        return here

    @property
    def is_active(self) -> bool:
        """Return whether the statement itself is not deactivated (``inactive="inactive"``)."""
        return "inactive" not in self.attributes

    def active(self, *steps: Step) -> Statement | None:
        """Walk down; None where a step is missing or deactivated."""
        here = self
        for step in steps:
            found = here.child(step)
            if found is None or "inactive" in found.attributes:
                return None
            here = found
        return here

    def in_effect(self) -> Statement:
        """Return the branch without what is deactivated, which the router does not follow.

        What has nothing deactivated in it is not copied, so the result is only for reading.
        """
        kept = [child.in_effect() for child in self.children if child.is_active]
        if len(kept) == len(self.children) and all(map(operator.is_, kept, self.children)):
            return self
        return Statement(self.tag, self.text, kept, dict(self.attributes))

    def value(self, *steps: Step) -> str | None:
        """Return the text of the leaf at the path."""
        found = self.find(*steps)
        return found.text if found is not None else None

    def ensure(self, *steps: Step) -> Statement:
        """Walk down and make what is missing, at the end of its parent."""
        here = self
        for step in steps:
            found = here.child(step)
            if found is None:
                found = Statement(step) if isinstance(step, str) else entry(*step)
                here.children.append(found)
            here = found
        return here

    def remove(self, *steps: Step, keep: frozenset[str] = frozenset()) -> None:
        """Remove the statement at the path, and containers left empty by that.

        Entries of lists stay, and so do containers whose tag is in ``keep`` (those that mean something
        empty).
        """
        trail: list[Statement] = [self]
        for step in steps:
            found = trail[-1].child(step)
            if found is None:
                return
            trail.append(found)
        gone = trail.pop()
        while trail:
            parent = trail.pop()
            parent.drop(gone)
            if parent.children or parent.tag in keep or not trail:
                return
            gone = parent

    def drop(self, child: Statement) -> None:
        """Take this very child out."""
        self.children = [other for other in self.children if other is not child]

    def copy(self) -> Statement:
        """Return an independent copy of the whole branch."""
        return Statement(self.tag, self.text, [child.copy() for child in self.children], dict(self.attributes))

    def walk(self) -> Iterator[Statement]:
        """Yield this statement and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()


def entry(tag: str, name: str, *children: Statement) -> Statement:
    """Return a list entry with its key."""
    return Statement(tag, children=[Statement("name", name), *children])


BARE_LISTS = frozenset({"instance", "dynamic-tunnel"})
"""Lists whose entries are shown by their keys alone (``routing-instances vn1``)."""


def words(path: Sequence[Statement]) -> str:
    """Return the statements that lead to one, each in the last, as Junos writes a path: ``protocols bgp group G``."""
    shown: list[str] = []
    for one in path:
        shown += [] if one.tag in BARE_LISTS else [one.tag]
        shown += [one.name] if one.name is not None else []
    return " ".join(shown)


def protected(own: Statement, edits: Statement) -> list[Statement]:
    """Return the way to the first protected statement that a document of edits would change; empty where there is none.

    Junos changes neither a protected statement nor anything in it. Of a deleted statement it keeps what is protected.
    """
    for edit in edits.children:
        found = _same(own, edit)
        if found is None or edit.tag == "name":
            continue
        if "protect" in found.attributes:
            return [found]
        below = _way_to_protected(found) if edit.attributes.get("delete") else protected(found, edit)
        if below:
            return [found, *below]
    return []


def _same(own: Statement, edit: Statement) -> Statement | None:
    """Return the statement that an edit is about."""
    if edit.name is not None:
        return own.child((edit.tag, edit.name))
    alike = own.all(edit.tag)
    if edit.children or len(alike) < 2:
        return alike[0] if alike else None
    return next((one for one in alike if one.text == edit.text), None)


def _way_to_protected(statement: Statement) -> list[Statement]:
    for child in statement.children:
        if "protect" in child.attributes:
            return [child]
        below = _way_to_protected(child)
        if below:
            return [child, *below]
    return []


def inherited_part(statement: Statement) -> Statement | None:
    """Return what configuration groups give of a configuration with groups applied, in its place; None for nothing.

    Of an entry that is the router's own its key is kept. What is written in a group and hidden by a statement of the
    router's own is not seen here.
    """
    if "group" in statement.attributes:
        return statement.copy()
    kept = [part for child in statement.children if (part := inherited_part(child)) is not None]
    if not kept:
        return None
    return Statement(statement.tag, children=[*(child.copy() for child in statement.all("name")), *kept])


def mask_secrets(statement: Statement) -> None:
    """Hide the secrets in a branch: what Junos keeps as one, and what stands where it has them."""
    for part in statement.walk():
        if part.text and is_secret_statement(part.tag, part.text):
            part.text = HIDDEN


def as_data(statement: Statement) -> Any:
    """Return a branch as plain data: text, a dict, or a list where a tag repeats.

    What is deactivated has the key ``inactive: TAG``, as the router's CLI shows it.
    """
    if not statement.children:
        return statement.text or ""
    data: dict[str, Any] = {}
    for key in dict.fromkeys(_shown_tag(child) for child in statement.children):
        found = [as_data(child) for child in statement.children if _shown_tag(child) == key]
        data[key] = found if len(found) > 1 else found[0]
    return data


def _shown_tag(statement: Statement) -> str:
    return statement.tag if statement.is_active else f"inactive: {statement.tag}"


def difference(before: Statement, after: Statement, movable: frozenset[str] = frozenset()) -> Statement | None:
    """Return the document that turns ``before`` into ``after`` when loaded with action merge; None when
    equal.

    ``movable`` names entries of ordered lists to move in preference, where more than one choice gives the
    order.
    """
    edits = _edits(before, after, movable)
    return Statement(after.tag, children=edits) if edits else None


def _edits(before: Statement, after: Statement, movable: frozenset[str]) -> list[Statement]:
    if before == after:
        return []
    repeated = {
        child.tag
        for side in (before, after)
        for child in side.children
        if not child.children and len(side.all(child.tag)) > 1
    }
    lists = LEAF_LISTS - LEAVES.get(after.tag, frozenset())
    repeated |= {child.tag for side in (before, after) for child in side.children if child.tag in lists}
    old = {_identity(child, repeated): child for child in before.children}
    new = {_identity(child, repeated): child for child in after.children}
    removed = [_deletion(child, lists) for key, child in old.items() if key not in new]
    changed: list[Statement] = []
    for key, child in new.items():
        if key not in old:
            changed.append(child.copy())
        elif child.children or old[key].children:
            inner = _edits(old[key], child, movable)
            if inner:
                name = [Statement("name", child.name)] if child.name is not None else []
                changed.append(Statement(child.tag, children=[*name, *inner]))
        elif (child.text or "") != (old[key].text or ""):
            changed.append(child.copy())
    changed += _reordered_values(before, after, repeated)
    return removed + changed + _moves(before, after, movable)


def _identity(statement: Statement, repeated: set[str]) -> Identity:
    name = statement.name
    if name is not None:
        return statement.tag, name
    if statement.tag in repeated:
        return statement.tag, statement.text or ""
    return statement.tag, ""


def _deletion(statement: Statement, lists: frozenset[str]) -> Statement:
    delete = {"delete": "delete"}
    if statement.name is not None:
        return Statement(statement.tag, children=[Statement("name", statement.name)], attributes=delete)
    text = statement.text if statement.tag in lists else None
    return Statement(statement.tag, text, attributes=delete)


def _reordered_values(before: Statement, after: Statement, repeated: set[str]) -> list[Statement]:
    """Take out and put back, in order, the values of a leaf-list behind the first one that stands elsewhere."""
    edits: list[Statement] = []
    for tag in sorted(repeated & LEAF_LISTS):
        old, new = ([child.text or "" for child in side.all(tag)] for side in (before, after))
        kept = [value for value in old if value in new]
        grown = kept + [value for value in new if value not in old]
        start = next((place for place, (a, b) in enumerate(zip(grown, new, strict=True)) if a != b), None)
        if start is not None:
            edits += [Statement(tag, value, attributes={"delete": "delete"}) for value in new[start:]]
            edits += [Statement(tag, value) for value in new[start:]]
    return edits


def _moves(before: Statement, after: Statement, movable: frozenset[str]) -> list[Statement]:
    """Return the insert edits that bring the entries of ordered lists into place, last entry first."""
    moves: list[Statement] = []
    for tag in sorted(ORDERED_LISTS):
        old = [child.name or "" for child in before.all(tag)]
        new = [child.name or "" for child in after.all(tag)]
        stay = _longest_in_order([name for name in new if name in old], old, movable)
        here = [name for name in old if name in new] + [name for name in new if name not in old]
        for place in range(len(new) - 1, -1, -1):
            name = new[place]
            if name in stay or here == new:
                continue
            following = new[place + 1] if place + 1 < len(new) else None
            here.remove(name)
            if following is not None:
                here.insert(here.index(following), name)
                moves.append(_insertion(tag, name, "before", following))
            else:
                moves.append(_insertion(tag, name, "after", here[-1]))
                here.append(name)
    return moves


def _insertion(tag: str, name: str, where: str, reference: str) -> Statement:
    return Statement(tag, children=[Statement("name", name)], attributes={"insert": where, "name": reference})


def _longest_in_order(names: Sequence[str], old: Sequence[str], movable: frozenset[str]) -> set[str]:
    """Return the names that keep their place: the heaviest run of ``names`` that is in the order of
    ``old``."""
    rank = {name: place for place, name in enumerate(old)}
    if all(rank[a] < rank[b] for a, b in pairwise(names)):
        return set(names)
    heavy = len(names) + 1
    best: list[tuple[int, int]] = []
    for place, name in enumerate(names):
        weight = 1 if name in movable else heavy
        behind = [(best[earlier][0], earlier) for earlier in range(place) if rank[names[earlier]] < rank[name]]
        total, previous = max(behind, default=(0, -1))
        best.append((total + weight, previous))
    place = max(range(len(best)), key=lambda spot: best[spot][0])
    stay: set[str] = set()
    while place >= 0:
        stay.add(names[place])
        place = best[place][1]
    return stay
