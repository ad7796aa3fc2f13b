# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading a document into a candidate configuration: merge, replace, delete, order, activity, names.

What cannot be taken is reported and skipped; what stands around it is taken all the same, so after an error
the candidate holds a part of the document, as on the router.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from lab.junos.complaints import Complaint, syntax_error
from lab.junos.schema import CONFIGURATION, Statement
from lab.junos.tree import Path, carrying, children, edit_path, find, identity, insert, key_of, prune, words
from lab.junos.values import InvalidValueError, accepted

OPERATIONS = frozenset({"merge", "replace", "create", "delete", "remove"})
DELETIONS = frozenset({"delete", "remove"})
ACTIONS = {"merge": False, "replace": True, "override": False, "update": False, "set": False, "patch": False}
"""The actions of load-configuration; whether `replace="replace"` counts with it."""

WHOLE = frozenset({"override", "update"})
"""Actions after which the candidate is the document."""


@dataclass(frozen=True)
class Place:
    """Where a statement of the document goes: below `target`, which is a `parent` that stands at `path`."""

    target: etree._Element
    parent: Statement
    path: Path


def load(candidate: etree._Element, document: etree._Element, action: str) -> list[Complaint]:
    """Load `document` (`configuration`, plain: see tree.plain) into `candidate`; the router's complaints.

    `action` is one of ACTIONS. The document is brought into the form that the router keeps on the way.
    """
    whole = document.get("delete") == "delete" or document.get("operation") in ("delete", "replace")
    reading = _Reading(replaces=ACTIONS[action], guarded=bool(carrying(candidate, "protect")))
    if action in WHOLE or whole or (ACTIONS[action] and document.get("replace") == "replace"):
        if reading.guarded:
            reading.refuse(carrying(candidate, "protect")[0], "configuration", "replaced")
            return reading.complaints
        _clear(candidate, CONFIGURATION)
    reading.below(Place(candidate, CONFIGURATION, ()), document)
    prune(candidate, CONFIGURATION)
    return reading.complaints


@dataclass
class _Reading:
    """One load: what it takes for an order, and what has been said so far.

    `guarded`: some statement is protected, so that each change has to be looked at. What is protected, and what
    stands in it, is not changed; the router says so in a warning, and takes the rest of the document.
    """

    replaces: bool
    guarded: bool = False
    complaints: list[Complaint] = field(default_factory=list)
    entries: dict[tuple[etree._Element, str], dict[str, etree._Element]] = field(default_factory=dict)
    """The entries by key of each list that was looked into."""

    def below(self, place: Place, source: etree._Element) -> None:
        """Carry out what stands below `source` of the document at `place`."""
        for element in source:
            if place.parent.kind == "list" and element.tag == place.parent.key:
                continue
            statement = place.parent.child(element)
            if statement is None:
                self._syntax(str(element.tag), place.path)
            elif self._readable(element, statement, place.path):
                self._carry_out(place, element, statement)

    def _there(self, place: Place, element: etree._Element, statement: Statement) -> etree._Element | None:
        """What stands already where the document's statement goes."""
        if statement.kind != "list":
            return find(place.target, statement, identity(element, statement))
        return self._keys(place, statement).get(key_of(element, statement))

    def _keys(self, place: Place, statement: Statement) -> dict[str, etree._Element]:
        """The entries of a list by key, kept in step while they come and go."""
        listed = self.entries.get((place.target, statement.name))
        if listed is None:
            listed = {key_of(one, statement): one for one in place.target.iterchildren(statement.name)}
            self.entries[place.target, statement.name] = listed
        return listed

    def _order(self, element: etree._Element) -> str:
        """What the document orders for this statement."""
        if element.get("delete") == "delete":
            return "delete"
        if element.get("replace") == "replace" and self.replaces:
            return "replace"
        given = element.get("operation", "merge")
        return given if given in OPERATIONS else "merge"

    def _forget(self, element: etree._Element) -> None:
        """Drop what is remembered about lists below an element whose contents are gone."""
        for listed in [key for key in self.entries if key[0] is element]:
            del self.entries[listed]

    # Reading

    def _readable(self, element: etree._Element, statement: Statement, path: Path) -> bool:
        """Bring keys and values into the form that the router keeps; False after a complaint."""
        here = (*path, str(element.tag))
        if statement.kind in ("leaf", "leaf-list", "flag") and len(element):
            return self._syntax(str(element[0].tag), here)
        if statement.kind == "list":
            key = element.find(statement.key)
            if key is None and not len(element) and (element.text or "").strip():
                key = etree.SubElement(element, statement.key)
                key.text, element.text = (element.text or "").strip(), None
            if key is None and self._order(element) not in DELETIONS:
                return self._wrong(f"missing key: {statement.key}", path, str(element.tag))
            return key is None or self._value(key, statement, here, optional=False)
        if statement.kind in ("leaf", "leaf-list"):
            return self._value(element, statement, here, optional=self._order(element) in DELETIONS)
        text = (element.text or "").strip()
        if text and statement.kind != "free" and not len(element):
            return self._syntax(text, here)
        return True

    def _value(self, holder: etree._Element, statement: Statement, path: Path, *, optional: bool) -> bool:
        text = (holder.text or "").strip()
        if not text and optional:
            return True
        try:
            holder.text = accepted(statement.value, text)
        except InvalidValueError as error:
            return self._wrong(str(error), path, text or path[-1])
        return True

    def _syntax(self, bad_element: str, path: Path) -> bool:
        self.complaints.append(syntax_error(bad_element, edit_path(path)))
        return False

    def _wrong(self, message: str, path: Path, bad_element: str) -> bool:
        self.complaints.append(Complaint(message, path=edit_path(path), bad_element=bad_element))
        return False

    def _warn(self, message: str, path: Path) -> None:
        self.complaints.append(Complaint(message, severity="warning", path=edit_path(path)))

    # Carrying out

    def _carry_out(self, place: Place, element: etree._Element, statement: Statement) -> None:
        order = self._order(element)
        there = self._there(place, element, statement)
        if element.get("unprotect") == "unprotect" and there is not None:
            there.attrib.pop("protect", "")
        if self.guarded and self._is_refused(place, element, statement, there):
            return
        if order in DELETIONS:
            self._delete(place, element, statement)
        elif element.get("rename"):
            self._rename(place, element, statement)
        else:
            self._set(place, element, statement, order)

    # Protection

    def _is_refused(
        self, place: Place, element: etree._Element, statement: Statement, there: etree._Element | None
    ) -> bool:
        """Warn where a change is refused because the statement, or one that it stands in, is protected."""
        guard = _guard(there if there is not None else place.target)
        if guard is None:
            return False
        name = " ".join(words(element, statement))
        if self._order(element) in DELETIONS:
            all_of_them = not identity(element, statement)[1] and place.target.find(str(element.tag)) is not None
            return (there is not None or all_of_them) and self.refuse(guard, name, "deleted")
        moved = element.get("rename") or element.get("insert") or self._order(element) == "replace"
        toggled = there is not None and (element.get("inactive") == "inactive") != (there.get("inactive") is not None)
        if there is None or moved or (toggled and (element.get("inactive") or element.get("active"))):
            return self.refuse(guard, name, "changed")
        if statement.kind == "leaf" and (there.text or "").strip() != (element.text or "").strip():
            return self.refuse(guard, name, "changed")
        return False

    def refuse(self, guard: etree._Element, name: str, done: str) -> bool:
        """Say that something is not done because of a protected statement; True."""
        protected = " ".join(_path_of(guard))
        self._warn(f"[{protected}] is protected, '{name}' cannot be {done}", _path_of(guard))
        return True

    def _thin(self, place: Place, entry: etree._Element, statement: Statement) -> None:
        """Delete what is not protected of a statement with protected ones in it, which stay."""
        if entry.get("protect") is None:
            for child, known in list(children(entry, statement)):
                below = Place(entry, statement, (*place.path, *words(entry, statement)))
                if carrying(child, "protect"):
                    self._thin(below, child, known)
                else:
                    entry.remove(child)
            self._forget(entry)
        else:
            self.refuse(entry, " ".join(words(entry, statement)), "deleted")

    # Changes

    def _set(self, place: Place, element: etree._Element, statement: Statement, order: str) -> None:
        there = self._there(place, element, statement)
        here = (*place.path, *words(element, statement))
        if order == "create" and there is not None:
            self._wrong("statement already exists", here, str(element.tag))
            return
        moves = element.get("insert") is not None
        if there is None and moves and len(element) <= 1:
            self._wrong(f"statement '{identity(element, statement)[1]}' not found", place.path, str(element.tag))
            return
        if there is None:
            there = _new(element, statement)
            insert(place.target, there, place.parent)
            if statement.kind == "list":
                self._keys(place, statement)[key_of(there, statement)] = there
        elif order == "replace":
            _clear(there, statement)
            self._forget(there)
        _set_activity(element, there)
        if element.get("protect") == "protect":
            there.set("protect", "protect")
        self._fill(there, statement, element, here)
        if moves:
            self._move(place, there, statement, element)

    def _fill(self, there: etree._Element, statement: Statement, element: etree._Element, here: Path) -> None:
        if statement.kind == "leaf":
            there.text = element.text
        elif statement.branches:
            if statement.kind == "box" and not len(there) and not len(element):
                self._warn("mgd: statement has no contents; ignored", here)
            self.below(Place(there, statement, here), element)

    def _delete(self, place: Place, element: etree._Element, statement: Statement) -> None:
        wanted = identity(element, statement)
        if statement.kind in ("list", "leaf-list") and not wanted[1]:
            doomed = list(place.target.iterchildren(wanted[0]))
        else:
            there = self._there(place, element, statement)
            doomed = [] if there is None else [there]
        for entry in doomed:
            if self.guarded and carrying(entry, "protect"):
                self._thin(place, entry, statement)
                continue
            place.target.remove(entry)
            self._forget(entry)
            if statement.kind == "list":
                self._keys(place, statement).pop(key_of(entry, statement), None)
        if not doomed and self._order(element) == "delete":
            self._warn("statement not found", place.path)

    def _rename(self, place: Place, element: etree._Element, statement: Statement) -> None:
        there = self._there(place, element, statement)
        if there is None or statement.kind != "list":
            self._wrong(f"statement '{identity(element, statement)[1]}' not found", place.path, str(element.tag))
            return
        try:
            name = accepted(statement.value, element.get("name", ""))
        except InvalidValueError as error:
            self._wrong(str(error), place.path, element.get("name", ""))
            return
        if name in self._keys(place, statement):
            self._wrong(f"statement '{name}' already exists", place.path, str(element.tag))
            return
        keys = self._keys(place, statement)
        keys[name] = keys.pop(key_of(there, statement))
        for key in there.iterchildren(statement.key):
            key.text = name

    def _move(self, place: Place, entry: etree._Element, statement: Statement, element: etree._Element) -> None:
        where = element.get("insert")
        siblings = [one for one in place.target.iterchildren(entry.tag) if one is not entry]
        if where in ("first", "last"):
            _put(place.target, entry, siblings, 0 if where == "first" else len(siblings))
            return
        name = element.get("name") or element.get("value") or ""
        reference = find(place.target, statement, (statement.name, name))
        if reference is None:
            self._wrong(f"statement '{name}' not found", (*place.path, str(entry.tag)), name)
        elif reference is not entry:
            _put(place.target, entry, siblings, siblings.index(reference) + (where == "after"))


def _new(element: etree._Element, statement: Statement) -> etree._Element:
    made = etree.Element(str(element.tag))
    if statement.kind == "list":
        etree.SubElement(made, statement.key).text = key_of(element, statement)
    elif statement.kind in ("leaf", "leaf-list"):
        made.text = element.text
    return made


def _guard(element: etree._Element) -> etree._Element | None:
    """The protected statement that an element is, or stands in."""
    return next((one for one in (element, *element.iterancestors()) if one.get("protect") is not None), None)


def _path_of(element: etree._Element) -> Path:
    """The words that lead to a statement of a candidate."""
    trail = [element, *element.iterancestors()][::-1][1:]
    path: Path = ()
    statement = CONFIGURATION
    for one in trail:
        known = statement.child(one)
        if known is None:
            break
        path, statement = (*path, *words(one, known)), known
    return path


def _set_activity(element: etree._Element, there: etree._Element) -> None:
    if element.get("inactive") == "inactive":
        there.set("inactive", "inactive")
    elif element.get("active") == "active":
        there.attrib.pop("inactive", "")


def _clear(element: etree._Element, statement: Statement) -> None:
    """Take everything out of a statement but the key of a list entry."""
    for child in list(element):
        if statement.kind != "list" or child.tag != statement.key:
            element.remove(child)
    element.attrib.pop("inactive", "")


def _put(target: etree._Element, entry: etree._Element, siblings: list[etree._Element], number: int) -> None:
    """Put `entry` at place `number` among its siblings of the same name."""
    if not siblings:
        return
    target.remove(entry)
    if number < len(siblings):
        siblings[number].addprevious(entry)
    else:
        siblings[-1].addnext(entry)
