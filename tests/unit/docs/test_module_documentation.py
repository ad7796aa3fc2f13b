# Copyright: (c) 2026, opencontrail.service_chain contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are written from argument specs and declarations, what several modules return from one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.collected import refuse
from support.examples import examples
from tools.docs_pages import generate_module_documentation as generator

TEXTS = st.text(
    alphabet=st.sampled_from("abcXYZ019 :#-'\"[]{}<>|,.&*!%@`()?=~\\"),
    min_size=1,
    max_size=120,
).map(lambda text: " ".join(text.split()) or "x")
VALUES = st.one_of(st.booleans(), st.integers(-9, 99999), TEXTS)


def faults(module: str) -> Iterator[str]:
    """Yield what is wrong with what the declarations of a module say."""
    for path, text in generator.declared_texts(generator.imported(module)).items():
        if not text:
            yield f"{module} {path}: its field has no description"
        elif not all(line.strip() == line and line.endswith((".", ").")) for line in text.split("\n")):
            yield f"{module} {path}: '{text}' is no sentence"


def test_every_declared_option_says_what_it_is() -> None:
    names = generator.module_names()
    refuse((fault for name in names for fault in faults(name)), looked_at=len(names))


@given(st.lists(TEXTS, min_size=1, max_size=3), VALUES, st.lists(TEXTS, max_size=4))
@examples(60, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_reads_as_it_was_meant(paragraphs: list[str], default: Any, choices: list[str]) -> None:
    inner = {"description": paragraphs, "type": "str", "default": default, "choices": choices}
    options = {"outer": {"description": paragraphs, "type": "dict", "suboptions": {"inner": inner}}}
    written = "\n".join(generator.as_yaml(options, 2))
    read = yaml.safe_load(written)["outer"]
    as_list = [
        one if isinstance(one, list) else [one]
        for one in (read["description"], read["suboptions"]["inner"]["description"])
    ]
    assert as_list == [paragraphs, paragraphs]
    assert read["suboptions"]["inner"]["default"] == default
    assert read["suboptions"]["inner"]["choices"] == choices


MODULE = '''\
DOCUMENTATION = r"""
module: example
options:
  config:
    description: Old words.
    type: str
  by_hand:
    description:
      - First.
      - Second.
    type: str
    version_added: 1.1.0
seealso:
  - module: another
"""

EXAMPLES = r"""
options:
  stay: 1
"""
'''
SPEC = {
    "config": {"type": "list", "elements": "dict", "options": {"name": {"type": "str", "required": True}}},
    "by_hand": {"type": "int", "default": 0},
    "of_a_fragment": {"type": "str"},
}


def test_types_come_from_the_spec_and_descriptions_from_declarations_or_stay() -> None:
    written = generator.with_options(MODULE, SPEC, {"config": "New words.", "config.name": "One.\nTwo."})
    head, documentation, rest = written.split('r"""')[0], written.split('"""')[1], MODULE.split('"""', 2)[2]
    assert written == f'{head}r"""{documentation}"""{rest}'
    assert yaml.safe_load(documentation) == {
        "module": "example",
        "options": {
            "config": {
                "description": "New words.",
                "type": "list",
                "elements": "dict",
                "suboptions": {"name": {"description": ["One.", "Two."], "type": "str", "required": True}},
            },
            "by_hand": {"description": ["First.", "Second."], "type": "int", "default": 0, "version_added": "1.1.0"},
        },
        "seealso": [{"module": "another"}],
    }
    assert generator.with_options(written, SPEC, {"config": "New words.", "config.name": "One.\nTwo."}) == written


def test_an_option_without_description_is_named() -> None:
    with pytest.raises(generator.DescriptionError, match=r"config\.name has no description"):
        generator.with_options(MODULE, SPEC, {"config": "New words."})


RETURNING = '''\
RETURN = r"""
objects:
  description: Old words.
  type: list
  sample:
    - one
    - two
  contains:
    kind:
      type: str
      description: Old words.
      sample: virtual-network
    uuid:
      description: Uuid.
      type: str
own:
  description:    Stays as it is written.
  sample: {"a": 1}
"""
'''
SHARED: dict[str, dict[str, Any]] = {
    "objects": {
        "description": ["New words."],
        "returned": "failure, where it matters",
        "type": "list",
        "contains": {
            "kind": {"description": ["The kind."], "type": "str"},
            "uuid": {"description": ["One: two."], "type": "str"},
        },
    },
    "added": {"description": ["First.", "Second."], "type": "int"},
}
RETURNED = '''\
RETURN = r"""
objects:
  description: New words.
  returned: failure, where it matters
  type: list
  sample:
    - one
    - two
  contains:
    kind:
      description: The kind.
      type: str
      sample: virtual-network
    uuid:
      description: 'One: two.'
      type: str
own:
  description:    Stays as it is written.
  sample: {"a": 1}
added:
  description:
    - First.
    - Second.
  type: int
"""
'''


def test_what_modules_return_alike_is_written_around_their_samples() -> None:
    assert generator.with_returned(RETURNING, SHARED) == RETURNED
    assert generator.with_returned(RETURNED, SHARED) == RETURNED


def test_the_modules_of_a_group_are_modules() -> None:
    groups = yaml.safe_load(generator.RETURNED.read_text(encoding="utf-8")).values()
    named = {name for group in groups for name in group["modules"]}
    assert named <= {path.stem for path in generator.MODULES.glob("[!_]*.py")}
