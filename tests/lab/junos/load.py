"""Loading a document into a candidate configuration: merge, replace, delete, order, activity, names.

What cannot be taken is reported and skipped; what stands around it is taken all the same, so after an error the
candidate holds a part of the document, as on the router.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from .complaints import Complaint, syntax_error
from .schema import CONFIGURATION, Statement
from .tree import Path, edit_path, find, identity, insert, key_of, prune, words
from .values import InvalidValueError, accepted

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = {
    "merge": "merge",
    "replace": "replace",
    "create": "create",
    "delete": "delete",
    "remove": "remove",
    "none": "merge",
}


@dataclass
class Load:
    """One load of one document.

    `replaces` says whether `replace="replace"` counts (it does with action replace); `default` is what happens to
    a statement without an order of its own: merge or replace.
    """

    replaces: bool = True
    default: str = "merge"
    complaints: list[Complaint] = field(default_factory=list)

    def into(self, candidate: etree._Element, document: etree._Element) -> list[Complaint]:
        """Load `document` (`configuration`, plain: see tree.plain) into `candidate`; what the router says to it."""
        if document.get("delete") == "delete" or document.get("operation") in ("delete", "replace"):
            _clear(candidate)
        if document.get("replace") == "replace" and self.replaces:
            _clear(candidate)
        self._children(candidate, CONFIGURATION, document, ())
        prune(candidate, CONFIGURATION)
        return self.complaints

    def _children(
        self, target: etree._Element, statement: Statement, source: etree._Element, path: Path
    ) -> None:
        for child in source:
            if statement.kind == "list" and child.tag == statement.key:
                continue
            known = statement.child(child)
            if known is None:
                self.complaints.append(syntax_error(str(child.tag), edit_path(path)))
                continue
            if not self._readable(child, known, path):
                continue
            self._carry_out(target, statement, child, known, path)

    def _readable(self, element: etree._Element, statement: Statement, path: Path) -> bool:
        """Bring keys and values into the form that the router keeps; False after a complaint."""
        holder: etree._Element | None = element
        if statement.kind == "list":
            holder = element.find(statement.key)
            if holder is None or not (holder.text or "").strip():
                if _order(element, self) in ("delete", "remove"):
                    return True
                self._error(f"missing key: {statement.key}", path, str(element.tag))
                return False
        elif statement.kind not in ("leaf", "leaf-list"):
            return self._shaped(element, statement, path)
        assert holder is not None
        text = (holder.text or "").strip()
        if not text and _order(element, self) in ("delete", "remove"):
            return True
        if statement.kind != "list" and len(element):
            self.complaints.append(syntax_error(str(element[0].tag), edit_path((*path, str(element.tag)))))
            return False
        try:
            holder.text = accepted(statement.value, text)
        except InvalidValueError as error:
            self._error(f"{error}", (*path, str(element.tag)), text or str(element.tag))
            return False
        return True

    def _shaped(self, element: etree._Element, statement: Statement, path: Path) -> bool:
        """A statement without a value carries no text."""
        text = (element.text or "").strip()
        if text and statement.kind != "free" and not len(element):
            self.complaints.append(syntax_error(text, edit_path((*path, str(element.tag)))))
            return False
        if statement.kind == "flag" and len(element):
            self.complaints.append(syntax_error(str(element[0].tag), edit_path((*path, str(element.tag)))))
            return False
        return True

    def _error(self, message: str, path: Path, bad_element: str) -> None:
        self.complaints.append(Complaint(message, path=edit_path(path), bad_element=bad_element))

    def _warn(self, message: str, path: Path) -> None:
        self.complaints.append(Complaint(message, severity="warning", path=edit_path(path)))

    def _carry_out(
        self,
        target: etree._Element,
        parent: Statement,
        element: etree._Element,
        statement: Statement,
        path: Path,
    ) -> None:
        there = find(target, statement, identity(element, statement), parent)
        here = (*path, *words(element, statement))
        order = _order(element, self)
        if order in ("delete", "remove"):
            self._delete(target, parent, element, statement, path, quietly=order == "remove")
            return
        if element.get("rename"):
            self._rename(target, parent, element, statement, path)
            return
        if order == "create" and there is not None:
            self._error("statement already exists", here, str(element.tag))
            return
        moves = element.get("insert")
        if there is None and moves and len(element) <= 1:
            self._error(f"statement '{identity(element, statement)[1]}' not found", path, str(element.tag))
            return
        if order == "replace" and there is not None:
            _clear(there, keep=statement)
        if there is None:
            there = _new(element, statement)
            insert(target, there, parent)
        _activity(element, there)
        self._fill(there, statement, element, here)
        if moves:
            self._move(target, parent, there, statement, element, path)

    def _fill(self, there: etree._Element, statement: Statement, element: etree._Element, here: Path) -> None:
        if statement.kind == "leaf":
            there.text = element.text
        elif statement.branches:
            said = len(self.complaints)
            self._children(there, statement, element, here)
            empty = statement.kind == "box" and not len(there) and not len(element)
            if empty and said == len(self.complaints):
                self._warn("mgd: statement has no contents; ignored", here)

    def _delete(
        self,
        target: etree._Element,
        parent: Statement,
        element: etree._Element,
        statement: Statement,
        path: Path,
        *,
        quietly: bool,
    ) -> None:
        wanted = identity(element, statement)
        every = statement.kind in ("list", "leaf-list") and not wanted[1]
        doomed = list(target.iterchildren(wanted[0])) if every else []
        if not every and (one := find(target, statement, wanted, parent)) is not None:
            doomed = [one]
        for entry in doomed:
            target.remove(entry)
        if not doomed and not quietly:
            self._warn("statement not found", path)

    def _rename(
        self,
        target: etree._Element,
        parent: Statement,
        element: etree._Element,
        statement: Statement,
        path: Path,
    ) -> None:
        there = find(target, statement, identity(element, statement), parent)
        name = element.get("name", "")
        if there is None or statement.kind != "list":
            self._error(f"statement '{identity(element, statement)[1]}' not found", path, str(element.tag))
            return
        try:
            name = accepted(statement.value, name)
        except InvalidValueError as error:
            self._error(f"{error}", path, name)
            return
        if find(target, statement, (str(element.tag), name), parent) is not None:
            self._error(f"statement '{name}' already exists", path, str(element.tag))
            return
        there.find(statement.key).text = name  # type: ignore[union-attr]

    def _move(
        self,
        target: etree._Element,
        parent: Statement,
        entry: etree._Element,
        statement: Statement,
        element: etree._Element,
        path: Path,
    ) -> None:
        place, name = element.get("insert"), element.get("name") or element.get("value") or ""
        siblings = [one for one in target.iterchildren(entry.tag) if one is not entry]
        if place in ("first", "last"):
            _place(target, entry, siblings, 0 if place == "first" else len(siblings))
            return
        reference = find(target, statement, (str(entry.tag), name), parent)
        if reference is None:
            self._error(f"statement '{name}' not found", (*path, str(entry.tag)), name)
        elif reference is not entry:
            _place(target, entry, siblings, siblings.index(reference) + (place == "after"))


def _order(element: etree._Element, load: Load) -> str:
    """What the document orders for this statement."""
    if element.get("delete") == "delete":
        return "delete"
    if element.get("replace") == "replace" and load.replaces:
        return "replace"
    return ORDERS.get(element.get("operation", load.default), "merge")


def _new(element: etree._Element, statement: Statement) -> etree._Element:
    made = etree.Element(str(element.tag))
    if statement.kind == "list":
        etree.SubElement(made, statement.key).text = key_of(element, statement)
    elif statement.kind in ("leaf", "leaf-list"):
        made.text = element.text
    return made


def _activity(element: etree._Element, there: etree._Element) -> None:
    if element.get("inactive") == "inactive":
        there.set("inactive", "inactive")
    elif element.get("active") == "active":
        there.attrib.pop("inactive", None)


def _clear(element: etree._Element, keep: Statement | None = None) -> None:
    for child in list(element):
        if keep is None or keep.kind != "list" or child.tag != keep.key:
            element.remove(child)
    element.attrib.pop("inactive", None)


def _place(
    target: etree._Element, entry: etree._Element, siblings: list[etree._Element], number: int
) -> None:
    """Put `entry` at place `number` among its siblings of the same name."""
    if not siblings:
        return
    target.remove(entry)
    if number < len(siblings):
        siblings[number].addprevious(entry)
    else:
        siblings[-1].addnext(entry)


LOADERS: dict[str, Callable[[], Load]] = {
    "merge": lambda: Load(replaces=False),
    "replace": lambda: Load(replaces=True),
    "override": lambda: Load(replaces=False),
    "update": lambda: Load(replaces=False),
    "set": lambda: Load(replaces=False),
}


def load(candidate: etree._Element, document: etree._Element, action: str) -> list[Complaint]:
    """Load a plain document with one of the router's actions; `override` and `update` replace everything."""
    if action in ("override", "update"):
        _clear(candidate)
    return LOADERS[action]().into(candidate, document)
