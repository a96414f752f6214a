"""What is wrong with a page that is open: wider than its screen, hard to read, hard to hit, without a name.

Stricter than axe-core in one thing, a finger's 44 px, and quick enough to be asked of a page in any state.
"""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import DESK, PHONE

# Contrast of every visible text against the nearest ground that is painted, after WCAG 2; returns what is below 4.5.
LOW_CONTRAST = """
() => {
  const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (css) => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = css;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => {
    const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = c.slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const low = [];
  for (const element of document.querySelectorAll('.page *')) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
    if (!text || !element.checkVisibility() || element.closest('.stale')) continue;
    let ground = element;
    while (ground && rgba(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
    const a = light(rgba(getComputedStyle(element).color));
    const b = light(rgba(getComputedStyle(ground).backgroundColor));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.push([text, contrast]);
  }
  return low;
}
"""
# Controls that a finger has to hit: what is lower or narrower than 44 px, and what no screen reader can name.
TOO_SMALL = """
() => [...document.querySelectorAll('.page a, .page button, .page input, .page select, .page textarea, .page summary')]
  .filter((e) => e.checkVisibility() && !['checkbox', 'file'].includes(e.type))
  .map((e) => [e.textContent || e.name, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 24)
  .map(([text, box]) => [text, box.width, box.height])
"""
NAMELESS = """
() => [...document.querySelectorAll('.page input:not([type=hidden]), .page select, .page textarea, .page button')]
  .filter((e) => !(e.ariaLabel || e.textContent.trim() && e.tagName === 'BUTTON'
    || [...(e.labels ?? [])].some((l) => l.textContent.trim())))
  .map((e) => e.outerHTML)
"""
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
_WIDTH = "document.documentElement.scrollWidth"


def everywhere(
    page: Page,
    rules: Sequence[str] = (LOW_CONTRAST, TOO_SMALL, NAMELESS),
    *,
    sizes: Sequence[dict[str, int]] = (PHONE, DESK),
    schemes: Sequence[str] = ("light", "dark"),
) -> dict[str, list[Any]]:
    """Return what is wrong at each of the sizes in each of the schemes; an empty dict is what a page has to reach."""
    found: dict[str, list[Any]] = {}
    for size in sizes:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(DRAWN)
            width = page.evaluate(_WIDTH)
            wrong = [f"{width} px wide"] if width > size["width"] else []
            for rule in rules:
                wrong += page.evaluate(rule)
            if wrong:
                found[f"{scheme} {size['width']}"] = wrong
    return found
