"""Write docs/errors_and_cures.md from the catalogue of findings that the code uses.

With ``--check`` nothing is written; the exit status says whether the page is what would be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module

from tools.docs_pages.made_page import ROOT, write_or_check

sys.path.insert(0, str(ROOT / ".cache"))

from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.findings import catalogue
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.finding import (
    REASON,
    FindingKind,
)

TARGET = ROOT / "docs" / "errors_and_cures.md"

INTRODUCTION = """\
<!-- Made by `make pages` from plugins/module_utils/chain/findings; edit the kinds there. -->
# Errors and cures

Everything that the collection can find has a code, which stands at the end of its line and in results:

```text
service_chain_networks.vn1.route_target: 64512:1 is also used by other; choose an unused route \
target [route-target-in-use]
```

The line begins with the path of the value in the data model, the object, or the place on the router. An **error** stops
the site before anything is written; a **warning** is listed, and the run goes on. `playbooks/preflight.yml` looks
without writing anything. An error that you know better about becomes a warning by its code in
`service_chain_tolerated`; that does not go for faults of the data model itself.

Words in *italics* stand for what the line names.
"""
IN_WORDS = "the value, what is wrong with it and what it should be, in words"


def page() -> str:
    """Return the whole page."""
    return INTRODUCTION + "".join(
        f"\n## {title(place)}\n\n{contents(kinds)}{''.join(map(section, kinds))}"
        for place, kinds in catalogue.places().items()
    )


def title(place: str) -> str:
    """Return the heading of a place: what its module says of itself."""
    module = import_module(f"{catalogue.__package__}.{place}")
    return (module.__doc__ or place).strip().splitlines()[0].rstrip(".")


def contents(kinds: tuple[FindingKind, ...]) -> str:
    """Return the kinds of a place as a table."""
    rows = "".join(f"| [`{kind.code}`](#{kind.code}) | {kind.severity} |\n" for kind in kinds)
    return f"| code | severity |\n|---|---|\n{rows}"


def section(kind: FindingKind) -> str:
    """Return what there is to say of one kind."""
    message = IN_WORDS if kind.says == REASON else shown(kind.says)
    lines = {
        "Severity": kind.severity,
        "Message": message,
        "If ignored": shown(kind.consequence),
        "Cure": shown(kind.cure),
    }
    return f"\n### {kind.code}\n\n" + "".join(f"- **{word}**: {text}\n" for word, text in lines.items())


def shown(sentence: str) -> str:
    """Return a sentence with its places in italics, and nothing that Markdown would take for markup."""
    return "".join(_parts(sentence))


def _parts(sentence: str) -> Iterator[str]:
    for number, part in enumerate(re.split(r"\{(\w+)\}", sentence)):
        yield f"*{part.replace('_', ' ')}*" if number % 2 else re.sub(r"([*_`<>|\[\]])", r"\\\1", part)


def main() -> int:
    """Write the page, or with ``--check`` compare it."""
    return write_or_check(TARGET, page())


if __name__ == "__main__":
    raise SystemExit(main())
