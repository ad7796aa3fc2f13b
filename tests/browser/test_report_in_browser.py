"""The report in a real browser: wide and narrow, light and dark, and on paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import read_report
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from models.report_sites import many_chains, read_of, reference_model, reference_report
from selenium.webdriver import Chrome

WIDTHS = {"phone": 390, "tablet": 768, "desktop": 1280}

# By picture that is shown: texts outside the picture, texts over each other, and texts that leave their box.
FAULTS = """
return [...document.querySelectorAll('figure svg')].filter(one => one.getBoundingClientRect().width).flatMap(one => {
  const view = one.viewBox.baseVal, faults = [];
  const texts = [...one.querySelectorAll('text')].map(t => [t.firstChild.data, t.getBBox()]);
  const boxes = [...one.querySelectorAll('rect:not(.b-zone)')].map(r => r.getBBox());
  const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y + 2 < b.y + b.height - 2
                         && b.y + 2 < a.y + a.height - 2;
  texts.forEach(([text, at], index) => {
    if (at.x < 0 || at.y < 0 || at.x + at.width > view.width || at.y + at.height > view.height)
      faults.push(text + ' leaves the picture');
    texts.slice(index + 1).filter(([, other]) => meet(at, other))
      .forEach(([over]) => faults.push(text + ' on ' + over));
    boxes.filter(box => meet(at, box) && at.x + at.width > box.x + box.width - 4)
      .forEach(() => faults.push(text + ' leaves its box'));
  });
  return faults;
});
"""
# Words whose contrast with what is behind them is less than 4.5 to 1.
PALE = """
const parse = text => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = one => {
  for (let at = one; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('svg') && [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(one => [one, light(parse(getComputedStyle(one).color)), light(behind(one))])
  .filter(([one, a, b]) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5)
  .map(([one]) => one.textContent.trim());
"""


def wide_model() -> dict[str, Any]:
    """Return a model with long names, two services, two members and two routers."""
    model = reference_model()
    model["services"]["1-to-2"]["members"].append({"left": "b-left", "right": "b-right"})
    model["services"]["a-very-long-name-of-a-service-that-fits-no-box"] = {"members": [{"left": "c", "right": "d"}]}
    chain = model["chains"]["vn1-to-vn2"]
    chain["services"].append("a-very-long-name-of-a-service-that-fits-no-box")
    model["routers"]["vmx2"] = {"filters": [{"name": "edge", "interfaces": ["ge-0/0/1.0"]}]}
    for side, prefix in (("left", "2001:db8:1234:5678:9abc:def0:1234:0/112"), ("right", "198.51.100.0/24")):
        chain[side]["external"][0]["routers"] = ["vmx1"]
        chain[side]["external"].append({"prefix": prefix, "routers": ["vmx2"]})
    model["routers"]["vmx2"]["filters"].append({"name": "edge6", "family": "inet6", "interfaces": ["ge-0/0/1.0"]})
    for name, cidr in (("vn1", "2001:db8:1::/64"), ("vn2", "2001:db8:2::/64")):
        model["networks"][name]["subnets"].append({"cidr": cidr})
    return model


SITES = {
    "reference": reference_report(),
    "broken": read_of(wide_model(), broken=("vn1-to-vn2",)),
    "many": read_of(many_chains(30), broken=("chain7",)),
}


@pytest.fixture(scope="module", params=sorted(SITES))
def shown(request: pytest.FixtureRequest, pages: Path) -> str:
    """Address of the report on a site."""
    path = pages / f"{request.param}.html"
    path.write_text(page(read_report(SITES[request.param])), encoding="utf-8")
    return path.as_uri()


def look(browser: Chrome, address: str, width: int, **media: str) -> None:
    """Open a page in a window of a width."""
    features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.get(address)


def logged(browser: Chrome, kind: str) -> list[Any]:
    """Return and forget what was logged."""
    entries: list[Any] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_overflows_and_no_text_meets_another(browser: Chrome, shown: str, width: int) -> None:
    look(browser, shown, width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(FAULTS) == []


def test_a_phone_gets_the_narrow_picture_in_letters_that_can_be_read(browser: Chrome, pages: Path, shown: str) -> None:
    look(browser, shown, WIDTHS["phone"])
    sizes = browser.execute_script(
        "return [...document.querySelectorAll('figure svg')].filter(one => one.getBoundingClientRect().width)"
        ".map(one => [one.getAttribute('class'), one.getBoundingClientRect().width / one.viewBox.baseVal.width])"
    )
    assert {css for css, _scale in sizes} == {"narrow"}
    assert min(scale for _css, scale in sizes) * 12 >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_stand_out(browser: Chrome, shown: str, scheme: str) -> None:
    look(browser, shown, WIDTHS["desktop"], prefers_color_scheme=scheme)
    assert browser.execute_script(PALE) == []


def test_the_page_asks_for_nothing_and_says_nothing_on_the_console(browser: Chrome, shown: str) -> None:
    look(browser, "about:blank", WIDTHS["desktop"])
    logged(browser, "performance"), logged(browser, "browser")
    look(browser, shown, WIDTHS["desktop"])
    messages = [json.loads(entry["message"])["message"] for entry in logged(browser, "performance")]
    asked = {each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"}
    assert asked <= {shown}
    assert logged(browser, "browser") == []


def test_it_prints_on_pages_without_cutting_anything_off(browser: Chrome, shown: str) -> None:
    look(browser, shown, 700)  # about the width of A4 inside its margins
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 700
    assert browser.execute_script(FAULTS) == []
    printed = browser.print_page()
    assert printed.startswith("JVBERi")  # %PDF
