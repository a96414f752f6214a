"""What several tests of the coach's page look at."""

from playwright.sync_api import Locator, Page

# What a browser cannot know of itself: how many tones were made, and whether the screen is kept on.
WATCHED = """
window.tones = 0;
const real = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones += 1; return real.call(this); };
window.kept = 0;
Object.defineProperty(navigator, 'wakeLock', {value: {request: async () => {
  const lock = new EventTarget();
  window.kept += 1;
  lock.release = async () => { window.kept -= 1; lock.dispatchEvent(new Event('release')); };
  return lock;
}}});
"""


def card(page: Page, who: str) -> Locator:
    """Return somebody's tile."""
    return page.get_by_test_id(f"tile-{who}")
