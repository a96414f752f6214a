"""axe-core on a page that is open: what somebody with a screen reader, a keyboard or weak eyes would stumble over.

axe-core is no part of what is shipped: ``make test`` fetches it into ``node_modules`` beside this file, by its lock.
"""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests import need
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.faults import DRAWN

_SOURCE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_SHOWN = 4  # elements a finding names; the rest are counted

# Only what is of WCAG 2.2 A and AA, and what axe calls good practice (landmarks, order of headings, one main).
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OF_COLOURS = ["color-contrast", "link-in-text-block"]  # all that a page's other colour scheme can change
_RUN = """
async ([context, rules]) => {
  const found = await axe.run(context || document, {resultTypes: ['violations'], runOnly: rules});
  return found.violations.map((v) => ({
    rule: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.map((n) => ({at: n.target.join(' '), html: n.html.slice(0, 160), why: n.failureSummary})),
  }));
}
"""


@cache
def _source() -> str:
    if not _SOURCE.exists():
        need.missing("axe-core is not installed: run `make axe` (needs npm)")
    return _SOURCE.read_text(encoding="utf-8")


def findings(page: Page, *impacts: str, within: str | None = None, only_colours: bool = False) -> list[str]:
    """Return what axe-core finds of these impacts (all without one), a readable line each.

    within : a CSS selector; None looks at the whole page.
    """
    # A script element would be stopped by the page's own policy; what a debugger evaluates is not.
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN, [within, _OF_COLOURS if only_colours else _TAGS])
    return [_line(one) for one in found if not impacts or one["impact"] in impacts]


def serious(page: Page, within: str | None = None) -> list[str]:
    """Return the serious and critical findings of axe-core; an empty list is what a page has to reach."""
    return findings(page, "serious", "critical", within=within)


def serious_of_colours(page: Page) -> list[str]:
    """Return the serious findings that colours make, for a page that was searched in its other scheme."""
    return findings(page, "serious", "critical", only_colours=True)


def serious_everywhere(page: Page) -> dict[str, list[str]]:
    """Return the serious findings on a phone and at a desk, in the light and in the dark, by where they are."""
    found: dict[str, list[str]] = {}
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme, search in (("light", serious), ("dark", serious_of_colours)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(DRAWN)
            if lines := search(page):
                found[f"{scheme} {size['width']}"] = lines
    return found


def _line(found: dict[str, Any]) -> str:
    nodes = found["nodes"]
    shown = "; ".join(f"{node['at']} {node['html']} ({' '.join(node['why'].split())})" for node in nodes[:_SHOWN])
    more = "" if len(nodes) <= _SHOWN else f"; and {len(nodes) - _SHOWN} more"
    return f"{found['impact']} {found['rule']}: {found['help']}: {shown}{more}"
