"""A runner's pages for everybody: a screen reader's, a keyboard's, a thumb's and weak eyes' way through them.

All other pages are asked the same in test_accessible_hub.py: both take their time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import serious, serious_of_colours
from tests.e2e.conftest import DESK, PHONE, Looker
from tests.e2e.contexts import Contexts
from tests.e2e.every_page import PLAIN, Address, WholeHub, addresses, unfold, whole_hub
from tests.e2e.faults import DRAWN

pytestmark = pytest.mark.browser

# What a pointer or finger has to hit; a link in running text may be as tall as its line.
TOO_SMALL = """
() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden]), textarea, [role=button]')]
  .filter((e) => e.checkVisibility() && !e.closest('.skip') && getComputedStyle(e).display !== 'inline')
  .map((e) => [e, (e.matches('input') && e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`)
"""
# Where the keyboard is: a ring of at least 2 px around it, or around what it stands for.
FOCUS = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const hasRing = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
    || style.boxShadow !== 'none';
  const around = [e, e.parentElement, e.parentElement?.parentElement, e.closest('article')].filter(Boolean);
  const styles = [...around.map((one) => getComputedStyle(one)), getComputedStyle(e, '::after')];
  const again = e.dataset.walked !== undefined && e !== window.before;
  e.dataset.walked = '1';
  window.before = e;  // a field for a time is several stops
  return {what: e.outerHTML.slice(0, 120), ring: styles.some(hasRing), again, seen: e.checkVisibility()};
}
"""
REACHABLE = """
() => [...document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden]), textarea, [tabindex]')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
  .filter((e) => !(e.type === 'radio' && !e.checked && e.form))
  .filter((e) => !e.dataset.walked).map((e) => e.outerHTML.slice(0, 120))
"""
HEADINGS = """
() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((e) => e.checkVisibility())
  .map((e) => [Number(e.tagName[1]), e.textContent])
"""
# WCAG 1.4.12: nothing may be lost when somebody spaces text out.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
CUT_OFF = """
() => [...document.querySelectorAll('.page *')]
  .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((e) => !e.closest('.visually-hidden, caption, .table-scroll, .receipt, option, select'))
  .filter((e) => getComputedStyle(e).clipPath === 'none')  // meant for screen readers alone
  .filter((e) => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
  .map((e) => e.outerHTML.slice(0, 120))
"""


# Where colours are the reader's own, what is told by colour has to stand there as a word too.
WORDLESS = """
() => [...document.querySelectorAll('.page .shape')].filter((e) => e.checkVisibility())
  .filter((e) => !e.parentElement.innerText.trim() && !e.parentElement.parentElement.innerText.trim())
  .map((e) => e.outerHTML)
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[WholeHub]:
    with whole_hub() as hub:
        yield hub


@dataclass(frozen=True)
class Opened:
    """A page that is opened once for all that is asked of it: every test has it as it wants it, folded comes first."""

    page: Page
    at: Address

    def shown(
        self,
        viewport: dict[str, int] = PHONE,
        scheme: Literal["light", "dark"] = "light",
        motion: Literal["reduce", "no-preference"] = "no-preference",
        forced: Literal["active", "none"] = "none",
    ) -> Page:
        """Have it on a screen of this size, in these colours."""
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme=scheme, reduced_motion=motion, forced_colors=forced)
        self.page.evaluate(DRAWN)
        return self.page

    def unfold(self) -> None:
        """Open what is still folded."""
        if self.page.locator("details:not([open])").count():
            unfold(self.page)


def is_of_a_runner(at: Address) -> bool:
    return at.path.startswith(("/athlete/", "/session/"))


@contextmanager
def opening(at: Address, hub: WholeHub, contexts: Contexts) -> Iterator[Opened]:
    look = Looker(contexts)
    yield Opened(hub.look(look, at, viewport=DESK, reduced_motion="reduce"), at)
    look.close()


@pytest.fixture(scope="module", params=[at for at in addresses() if is_of_a_runner(at)], ids=str)
def opened(request: pytest.FixtureRequest, hub: WholeHub, contexts: Contexts) -> Iterator[Opened]:
    with opening(request.param, hub, contexts) as opened:
        yield opened


def wide(page: Page) -> list[str]:
    """What sticks out of the screen; empty where nothing scrolls sideways."""
    if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        return []
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.page *')].filter((e) => e.checkVisibility()"
        " && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-scroll'))"
        ".slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"
    )
    return found or ["the page is wider than the screen"]


def test_a_keyboard_reaches_everything_sees_where_it_is_and_leaves_again(opened: Opened) -> None:
    page = opened.shown(DESK, motion="reduce")
    page.evaluate(FOCUS)  # where a page itself begins
    walked, n_most = [], 600
    for _ in range(n_most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS)
        if now is None or now["again"]:
            break
        walked.append(now)
    assert walked, "nothing can be reached"
    assert len(walked) < n_most, "the keyboard does not come out again"
    assert [step["what"] for step in walked if not step["ring"]] == []
    assert [step["what"] for step in walked if not step["seen"]] == []
    assert page.evaluate(REACHABLE) == []
    if "skip" in walked[0]["what"]:
        page.evaluate("document.activeElement.blur()")
        page.locator("a.skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_forced_colours_and_reduced_motion_are_kept_to(opened: Opened) -> None:
    page = opened.shown(PHONE, motion="reduce", forced="active")
    moving = page.evaluate(
        "() => document.getAnimations().filter((a) => a.playState === 'running'"
        " && a.effect.getComputedTiming().duration > 1).length"
    )
    assert moving == 0
    assert page.evaluate(WORDLESS) == []


def test_nothing_serious_is_found_and_everything_fits_and_can_be_hit(opened: Opened) -> None:
    page = opened.shown()
    page.evaluate("document.activeElement.blur()")
    found: dict[str, list[str]] = {}
    for is_unfolded in (False, True):
        if is_unfolded:
            opened.unfold()
        for viewport in (PHONE, DESK):
            opened.shown(viewport)
            seen = f"{viewport['width']}{' unfolded' if is_unfolded else ''}"
            found[seen] = wide(page) + page.evaluate(TOO_SMALL)
            if is_unfolded:  # nothing that was there is gone then, and only colours differ in the dark
                found[seen] += serious(page)
                opened.shown(viewport, "dark")
                found[f"{seen} dark"] = wide(page) + serious_of_colours(page)
    assert {seen: problems for seen, problems in found.items() if problems} == {}


def test_headings_and_landmarks_tell_how_a_page_is_made(opened: Opened) -> None:
    page, at = opened.shown(), opened.at
    opened.unfold()
    headings = page.evaluate(HEADINGS)
    levels = [level for level, _text in headings]
    assert levels.count(1) == 1, headings
    jumps = [(before, after) for before, after in pairwise(headings) if after[0] - before[0] > 1]
    assert jumps == []
    landmarks = {name: page.get_by_role(name).count() for name in ("main", "banner", "contentinfo")}
    assert landmarks == {"main": 1, "banner": 1, "contentinfo": 0 if at.path in PLAIN[1:] else 1}
    assert page.evaluate("document.documentElement.lang").startswith("en")
    assert page.title().endswith("sensor_hub")


def test_twice_the_size_and_spaced_text_lose_nothing(opened: Opened) -> None:
    page = opened.shown({"width": 600, "height": 450})
    # 1200 px at 200 %
    page.context.new_cdp_session(page).send(
        "Emulation.setDeviceMetricsOverride", {"width": 600, "height": 450, "deviceScaleFactor": 2, "mobile": False}
    )
    page.evaluate(
        "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }",
        SPACED,
    )
    unfold(page)
    assert page.evaluate("[innerWidth, devicePixelRatio]") == [600, 2]
    assert wide(page) == []
    assert page.evaluate(CUT_OFF) == []
