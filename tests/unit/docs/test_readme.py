"""What the README says of the data model is what the collection does."""

from __future__ import annotations

import copy
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.design.derive import derive
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.intent.read import read_intent
from ansible_collections.opencontrail.service_chain.plugins.module_utils.values.faults import IntentError

TEXT = (Path(__file__).resolve().parents[3] / "README.md").read_text()
MODEL: dict[str, Any] = yaml.safe_load(re.findall(r"```yaml\n(service_chain_networks:.*?)```", TEXT, re.DOTALL)[0])


def derived(model: dict[str, Any]) -> dict[str, Any]:
    """Return what the four variables lead to."""
    values = {name.removeprefix("service_chain_").replace("service_chains", "chains"): model[name] for name in model}
    found: dict[str, Any] = asdict(derive(read_intent(**values)))
    return found


def test_the_first_chain_is_one_that_the_collection_takes() -> None:
    result = derived(MODEL)
    assert [network["name"] for network in result["networks"]] == ["web", "db"]
    assert result["policies"][0]["rules"][0]["services"] == ["firewall"]


def test_the_mistake_is_reported_as_the_readme_shows_it() -> None:
    shown = re.findall(r"```text\n(service_chains\..*?)\n```", TEXT)[0]
    model = copy.deepcopy(MODEL)
    model["service_chains"]["web-to-db"]["left"]["network"] = "wbe"
    with pytest.raises(IntentError) as refused:
        derived(model)
    assert str(refused.value) == shown
