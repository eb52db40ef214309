"""Every page in a real browser: it opens as a page, fits the window, and can be read in light and dark."""

import pytest
from playwright.sync_api import expect

from peers.conftest import NARROW, WIDE, Open

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::ResourceWarning")]

PAGES = ["/", "/queries", "/queries/events-at-place", "/query", "/sparql", "/resource/place/maardis", "/graph"]
PAGES += ["/graph/entities", "/ontology", "/ontology/alignments", "/crosswalk", "/crosswalk/acled", "/review"]
LEAST_CONTRAST = 4.5
"""Of text with its background: https://www.w3.org/TR/WCAG22/#contrast-minimum."""

CONTRASTS = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("header *, main *:not(#editor, #editor *), footer *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!hasText || !element.checkVisibility()) continue;
    const [one, other] = [channels(getComputedStyle(element).color), background(element)].map(luminance);
    found.push([(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), element.outerHTML.slice(0, 80)]);
  }
  return found;
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_the_window_and_can_be_read(visit: Open, address: str, path: str, width: int) -> None:
    """It has a heading, nothing is wider than the window, and all text contrasts with its background."""
    for dark in (False, True):
        page = visit(f"{address}{path}", width, dark)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [text for contrast, text in page.evaluate(CONTRASTS) if contrast < LEAST_CONTRAST] == []


def test_the_ontology_leads_to_readable_pages(visit: Open, address: str) -> None:
    """A visitor can follow its links to the crosswalk and the alignments, and from a code back to a class."""
    page = visit(f"{address}/ontology")
    page.get_by_role("link", name="the codes of ACLED and UCDP").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Crosswalk")
    row = page.locator("tr#ArmedClash")
    expect(row).to_contain_text("Organised armed groups fight")
    row.get_by_role("link", name="clash").click()
    expect(page.locator("article#Clash")).to_be_in_viewport()
    page.get_by_role("link", name="other vocabularies").click()
    expect(page.get_by_role("heading", name="CIDOC CRM")).to_be_visible()
