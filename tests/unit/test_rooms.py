"""Who may import whom in ``module_utils``: arrows between rooms run down only.

The rooms stand from the ground floor up in FLOORS; a room may import from itself, and from rooms that stand before it
the tests below forbid it.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "plugins" / "module_utils"

FLOORS = (
    "values",
    "hosts",
    "openstack",
    "nova",
    "contrail.codec",
    "contrail.kinds",
    "contrail.schema",
    "contrail.plan",
    "contrail.api",
    "contrail.waits",
    "contrail.introspect",
    "vmx.model",
    "vmx.plan",
    "vmx.replies",
    "vmx.session",
    "vmx.commit",
    "collection_module",
    "contrail",
    "contrail.any_kind",
    "vmx",
    "chain.findings",
    "chain.intent",
    "chain.design",
    "chain.prediction",
    "chain.verification",
    "chain.preflight",
    "chain.diagnosis",
    "chain.removal",
    "chain.adoption",
    "chain.report",
    "site",
)
"""Rooms from the ground floor up; ``contrail`` and ``vmx`` are the loose files in these folders."""

PURE = {
    "contrail.codec",
    "contrail.kinds",
    "contrail.schema",
    "contrail.plan",
    "contrail.introspect",
    "vmx.model",
    "vmx.plan",
    "vmx.replies",
}
"""Rooms of Contrail and the router that open nothing: declarations, and what follows from them."""

EDGES = {"collection_module", "contrail", "vmx", "site"}
"""Rooms that may import Ansible, and where typed data becomes what Ansible takes."""

SHAPELESS = "dict[str, Any]"
MOST_SHAPELESS = 55
"""So many lines outside the edges may say that something is a dict of anything; types say more."""

THIRD_PARTY = {"ansible", "jnpr", "jxmlease", "lxml", "ncclient", "paramiko", "requests", "yaml"}


def house(room: str) -> str:
    """Return the folder of ``module_utils`` that a room stands in."""
    return room.partition(".")[0]


def room_of(module: str) -> str:
    """Return the room of a module that is named from ``module_utils`` on."""
    parts = module.split(".")
    return ".".join(parts[:2]) if (ROOT / "/".join(parts[:2])).is_dir() and len(parts) > 1 else parts[0]


def imports(path: Path) -> Iterator[str]:
    """Yield what a file imports: our modules from ``module_utils`` on, others under their first name after a colon."""
    here = path.relative_to(ROOT).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*here[: len(here) - node.level], *(node.module or "").split(".")]
            names = [".".join([*filter(None, base), alias.name]) for alias in node.names]
            yield from (name if is_module(name) else name.rpartition(".")[0] for name in names)
        elif isinstance(node, ast.ImportFrom):
            yield ":" + str(node.module).partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (":" + alias.name.partition(".")[0] for alias in node.names)


def is_module(name: str) -> bool:
    """Tell whether a name is a module or a package, and not what one of them defines."""
    place = ROOT.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


@functools.cache
def arrows() -> tuple[tuple[str, str, str], ...]:
    """Return each import between rooms as file, its room, and the room or library that it imports."""
    return tuple(_arrows())


def _arrows() -> Iterator[tuple[str, str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        room = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name in imports(path):
            target = name if name.startswith(":") else room_of(name)
            if target != room:
                yield file, room, target


def test_every_folder_is_a_room_with_a_floor() -> None:
    rooms = {room_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in ROOT.rglob("*.py")}
    assert rooms == set(FLOORS), "add new rooms to FLOORS, and delete those that are gone"


def test_the_map_for_contributors_is_true() -> None:
    guide = (ROOT.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms, folders = guide.partition("| room |")[2].split("| folder of `tests` |")
    assert re.findall(r"^\| `([a-z_.]+)` \|", rooms, re.MULTILINE) == list(FLOORS)
    named = re.findall(
        r"`([a-z]+)`", "".join(re.findall(r"^\| (`.*?) \|", folders.partition("\n## ")[0], re.MULTILINE))
    )
    tests = ROOT.parents[1] / "tests"
    there = {
        path.relative_to(tests).parts[0] for path in tests.rglob("*/*") if path.is_file() and path.suffix != ".pyc"
    }
    assert there == set(named)


def test_arrows_run_down() -> None:
    floor = {room: number for number, room in enumerate(FLOORS)}
    up = [
        f"{file} imports {target}"
        for file, room, target in arrows()
        if not target.startswith(":") and floor[target] > floor[room]
    ]
    assert not up, "these imports run up:\n" + "\n".join(up)


def test_contrail_and_routers_do_not_know_each_other_and_chains_know_only_what_opens_nothing() -> None:
    wrong = [
        f"{file} imports {target}"
        for file, room, target in arrows()
        if {house(room), house(target)} == {"contrail", "vmx"}
        or (house(room) == "chain" and house(target) in {"contrail", "vmx"} and target not in PURE)
        or (house(room) in {"contrail", "vmx", "hosts", "openstack", "nova", "values"} and house(target) == "chain")
    ]
    assert not wrong, "these houses must not know each other:\n" + "\n".join(wrong)


def test_ansible_is_imported_by_edges_alone() -> None:
    wrong = [f"{file} imports Ansible" for file, room, target in arrows() if target == ":ansible" and room not in EDGES]
    assert not wrong, "\n".join(wrong)


def test_pure_rooms_import_no_library() -> None:
    wrong = [
        f"{file} imports {target[1:]}"
        for file, room, target in arrows()
        if target[1:] in THIRD_PARTY
        and (room in PURE or house(room) in {"chain", "values", "hosts", "openstack", "nova"})
    ]
    assert not wrong, "\n".join(wrong)


def shapeless_lines() -> Iterator[str]:
    """Yield the lines outside the edges that have a dict of anything, or an alias of one."""
    sources = {
        path: path.read_text(encoding="utf-8")
        for path in sorted(ROOT.rglob("*.py"))
        if room_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) not in EDGES
    }
    defined = re.compile(rf"^(\w+)(?:: TypeAlias)? = .*{re.escape(SHAPELESS)}", re.MULTILINE)
    aliases = {name for source in sources.values() for name in defined.findall(source)}
    words = re.compile("|".join([re.escape(SHAPELESS), *(rf"\b{name}\b" for name in sorted(aliases))]))
    for path, source in sources.items():
        for number, line in enumerate(source.splitlines(), start=1):
            if words.search(line) and not line.startswith("from "):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_few_lines_outside_the_edges_take_a_dict_of_anything() -> None:
    found = list(shapeless_lines())
    assert len(found) <= MOST_SHAPELESS, "give these a type (or Mapping, where they are only read):\n" + "\n".join(
        found
    )


def test_each_class_name_stands_once() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    assert len(places) > 100
    twice = [f"{name}: {', '.join(here)}" for name, here in places.items() if len(here) > 1]
    assert not twice, "tell these classes apart by their names:\n" + "\n".join(twice)
