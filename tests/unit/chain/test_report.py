"""The report on chains: every element of the model is in it, nothing of it is markup, large sites stay readable."""

from __future__ import annotations

import itertools
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.content import (
    DOWN,
    Report,
    read_report,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.layout import (
    Picture,
    Rectangle,
    Text,
    cells,
    narrow_picture,
    shortened,
    wide_picture,
)
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.markdown import markdown
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.page import page
from ansible_collections.opencontrail.service_chain.plugins.module_utils.chain.report.scene import scene_of
from lxml import html
from models.report_sites import many_chains, read_of, reference_model, reference_report

HOSTILE = "<img src=x onerror=alert(1)>&\"'`|*_[a](b)"


def parsed(data: dict[str, Any], pictures: int = 20) -> html.HtmlElement:
    """Return the page as a browser's parser understands it."""
    return html.document_fromstring(page(read_report(data), pictures))


def rows(tree: html.HtmlElement, table: str) -> dict[str, tuple[str, list[str]]]:
    """Return by prefix how the row of a table is marked, and the words of its cells."""
    (found,) = (each for each in tree.iter("table") if each.find("caption").text_content().startswith(table))
    return {
        row.find("th").text_content(): (row.get("class"), [cell.text_content() for cell in row.findall("td")])
        for row in found.find("tbody").iter("tr")
    }


def several() -> dict[str, Any]:
    """Return a site with two services in a chain, two members, and two routers, of which the chain is broken."""
    model = reference_model()
    model["services"]["1-to-2"]["members"].append({"left": "b-left", "right": "b-right"})
    model["services"]["a-very-long-name-of-a-service-that-fits-no-box"] = {"members": [{"left": "c", "right": "d"}]}
    chain = model["chains"]["vn1-to-vn2"]
    chain["services"].append("a-very-long-name-of-a-service-that-fits-no-box")
    model["routers"]["vmx2"] = {
        "address": "172.31.10.58",
        "filters": [{"name": "edge", "interfaces": ["ge-0/0/1.0"]}],
    }
    for side, prefix in (("left", "192.0.2.0/24"), ("right", "198.51.100.0/24")):
        chain[side]["external"][0]["routers"] = ["vmx1"]
        chain[side]["external"].append({"prefix": prefix, "routers": ["vmx2"]})
    return read_of(model, broken=("vn1-to-vn2",))


def pictures_of(report: Report) -> list[Picture]:
    """Return the wide and the narrow picture of each chain."""
    scenes = [scene_of(report, state) for state in report.chains]
    return [draw(scene) for scene in scenes for draw in (wide_picture, narrow_picture)]


def test_every_element_of_the_model_is_in_the_picture_and_in_markdown() -> None:
    tree = parsed(reference_report())
    report = read_report(reference_report())
    wanted = [
        "vn1", "vn2", "10.0.1.0/24", "10.0.2.0/24", "RT 64512:1", "RT 64512:2", "1-to-2", "Service, in-network",
        "left 10.0.1.4 label 30", "right 10.0.2.4 label 34 silent", "pc1 172.31.9.34/32", "pc2 172.31.8.198/32",
        "inet.0: 4 → 8 routes", "172.31.9.34/32 → inet.0",
    ]  # fmt: skip
    for css in ("wide", "narrow"):
        (picture,) = tree.xpath(f"//*[name()='svg'][@class='{css}']")
        texts = ["".join(each.itertext()).strip() for each in picture.xpath(".//*[name()='text']")]
        assert not set(wanted) - set(texts), css
        assert any("172.31.10.57" in each for each in texts)
    assert {"ge000_to_dcrouter", "t1: 172.31.9.34/32 → vn1", "push 30", "push 34"} <= set(
        tree.xpath("//*[name()='svg'][@class='wide']//*[name()='text']/text()")
    )
    assert not [each for each in wanted if each not in markdown(report)]


def test_tables_stand_before_and_after_with_their_changes_in_words() -> None:
    table = rows(parsed(reference_report()), "vn1.inet.0")
    assert {prefix: change for prefix, (change, _cells) in table.items()} == {
        "10.0.1.3/32": "same", "10.0.1.4/32": "same", "10.0.1.5/32": "same", "10.0.2.3/32": "added",
        "10.0.2.4/32": "added", "10.0.2.5/32": "added", "172.31.8.198/32": "added", "172.31.9.34/32": "same",
    }  # fmt: skip
    assert table["10.0.2.3/32"][1][0] == "+ added"
    assert "30 (left port of 1-to-2)" in table["10.0.2.3/32"][1]


def test_a_changed_label_and_a_lost_route_are_marked() -> None:
    data = reference_report()
    routes = data["routers"]["vmx1"]["tables"]["vn1.inet.0"]["routes"]
    (first,) = [each for each in routes if each["prefix"] == "10.0.1.3/32"]
    first["label"] = 27
    routes[:] = [each for each in routes if each["prefix"] != "10.0.1.4/32"]
    table = rows(parsed(data), "vn1.inet.0")
    assert table["10.0.1.3/32"][0] == "changed"
    assert any("27" in cell and "was 26" in cell for cell in table["10.0.1.3/32"][1])
    assert table["10.0.1.4/32"][1][0] == "- removed"


def test_the_silent_guest_is_the_one_finding_with_consequence_and_cure() -> None:
    tree = parsed(reference_report())
    (card,) = tree.find_class("finding")
    said = card.text_content()
    assert "no ARP reply from 10.0.2.4/32" in said
    assert "right port of 1-to-2" in said
    assert "drops the traffic" in said
    assert "replies to ARP" in said


def test_what_a_diagnosis_said_of_an_address_is_not_said_again() -> None:
    data = reference_report()
    data["findings"] = [
        {
            "code": "guest-silent", "severity": "warning", "where": "vmx1: vn2.inet.0",
            "message": "no ARP reply from 10.0.2.4/32, the address of 1-to-2-right",
            "consequence": "c", "cure": "c",
        }
    ]  # fmt: skip
    assert len(parsed(data).find_class("finding")) == 1
    assert set(read_report(data).silent) == {"10.0.2.4/32"}


def test_a_broken_chain_says_its_first_broken_link() -> None:
    data = several()
    data["chains"] = [
        {
            "name": "vn1-to-vn2",
            "stands": False,
            "link": {"message": "the policy is not attached to vn2"},
            "warnings": [],
        }
    ]
    tree = parsed(data)
    assert "the policy is not attached to vn2" in tree.find_class("chain")[0].text_content()
    assert "✕ no routes" in tree.xpath("//*[name()='svg'][@class='wide']//*[name()='text']/text()")
    assert "1 chain down" in tree.find("body/header").text_content()


def test_without_a_diagnosis_the_tables_say_that_a_chain_is_broken() -> None:
    (state,) = read_report(several()).chains
    assert state.state == DOWN
    assert "vmx1: routes are missing in vn1.inet.0 and vn2.inet.0" in state.reason


def test_names_that_look_like_markup_stay_text() -> None:
    data = reference_report()
    data["made"] = HOSTILE
    data["timings"] = [{"what": HOSTILE, "seconds": 1}]
    keys = ("code", "where", "message", "consequence", "cure")
    data["findings"] = [dict.fromkeys(keys, HOSTILE) | {"severity": "error"}]
    data["chains"] = [{"name": "vn1-to-vn2", "stands": False, "link": {"message": HOSTILE}, "warnings": []}]
    data["remarks"] = [HOSTILE + "\x00\x1b"]
    routes = data["routers"]["vmx1"]["tables"]["vn1.inet.0"]["routes"]
    routes[0] |= {"via": HOSTILE}
    tree = parsed(data)
    assert not list(tree.iter("img", "script"))
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert tree.text_content().count("onerror=alert(1)") >= 8
    assert "\x00" not in page(read_report(data))
    assert "<img" not in markdown(read_report(data)).replace("\\<img", "")


def test_the_page_needs_nothing_else() -> None:
    tree = parsed(reference_report())
    assert not list(tree.iter("script", "link", "iframe", "object"))
    assert not tree.xpath("//@src | //@href | //@style")
    style = tree.findtext(".//style") or ""
    assert "url(" not in style
    assert "@import" not in style


def test_pictures_and_tables_tell_those_who_do_not_see_them() -> None:
    tree = parsed(several())
    assert tree.get("lang") == "en"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    pictures = tree.xpath("//*[name()='svg']")
    assert pictures
    for picture in pictures:
        for name in picture.get("aria-labelledby").split():
            assert tree.get_element_by_id(name).text_content().strip()
    for table in tree.iter("table"):
        assert table.find("caption").text_content().strip()
        assert all(cell.get("scope") == "col" for cell in table.findall("thead/tr/th"))
        assert all(cell.get("scope") == "row" for cell in table.findall("tbody/tr/th"))


@pytest.mark.parametrize(
    "data", [reference_report(), several(), read_of(many_chains(2))], ids=["one", "several", "two"]
)
def test_nothing_in_a_picture_overlaps_or_leaves_it(data: dict[str, Any]) -> None:
    for picture in pictures_of(read_report(data)):
        boxes = [each for each in picture.shapes if isinstance(each, Rectangle) and each.role != "zone"]
        for one, other in itertools.combinations(boxes, 2):
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
        for box in boxes:
            assert box.x >= 0
            assert box.x + box.width <= picture.width
            assert box.y + box.height <= picture.height
        for text in (each for each in picture.shapes if isinstance(each, Text)):
            assert 0 < text.x < picture.width
            assert 0 < text.y < picture.height


def test_long_names_are_shortened_and_told_in_full() -> None:
    tree = parsed(several())
    name = "a-very-long-name-of-a-service-that-fits-no-box"
    (shown,) = tree.xpath(f"//*[@class='wide']//*[name()='text'][*[name()='title'][text()='{name}']]")
    assert shown.text.endswith("…")


@pytest.mark.parametrize("text", ["short", "a" * 200, "網" * 50, "e\u0301" * 80])
def test_what_is_shortened_fits(text: str) -> None:
    fitting = shortened(text, 100, 10, 0.61)
    assert cells(fitting) * 6.1 <= 100
    assert fitting == text or fitting.endswith("…")


def test_many_chains_are_listed_and_the_broken_ones_drawn_first() -> None:
    report = read_report(read_of(many_chains(60), broken=("chain3", "chain50")))
    written = page(report, pictures=5)
    assert len(written) < 150_000
    assert report.count(DOWN) == 2
    tree: html.HtmlElement = html.document_fromstring(written)
    drawn = [each.find("h2/code").text for each in tree.find_class("chain")]
    assert drawn[:2] == ["chain3", "chain50"]
    assert len(drawn) == 5
    assert len(tree.xpath("//section[@aria-labelledby='chains']//tbody/tr")) == 60
    assert "55 chains more" in tree.text_content()
    assert len(list(tree.iter("table"))) < 15


def test_a_report_without_routers_says_so() -> None:
    tree = parsed({"intent": reference_model()})
    assert "No router was read." in tree.text_content()
    assert "not verified" in tree.text_content()


def test_pictures_are_well_formed_by_themselves() -> None:
    tree = parsed(reference_report())
    for picture in tree.xpath("//*[name()='svg']"):
        assert ET.fromstring(html.tostring(picture, method="xml")).get("viewbox") or picture.get("viewBox")
