"""Says on the page itself that the hub is not heard any more: the browser counts, for nobody else can."""

from typing import Final

from nicegui import ui

from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.elements import Tag

BEAT_S: Final = 1.0
# An element's attribute changes every second. Where it stays the same for 4.5 s, the numbers are grey within 5 s.
_WATCH: Final = """
<script>
(() => {
  let beat = null, at = performance.now(), since = null;
  setInterval(() => {
    const element = document.querySelector('[data-beat]');
    if (!element) return;
    if (element.dataset.beat !== beat) {
      beat = element.dataset.beat; at = performance.now(); since = null;
      document.body.classList.remove('unheard');
    } else if (performance.now() - at > 4500 && since === null) {
      since = new Date(Date.now() - (performance.now() - at));
      const time = element.querySelector('.beat-time');
      if (time) time.textContent = since.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
      document.body.classList.add('unheard');
    }
  }, 250);
})();
</script>
"""


class Heartbeat:
    """A banner that is hidden as long as the hub is heard."""

    def __init__(self) -> None:
        ui.add_head_html(_WATCH)
        self._n = 0
        self._box = Tag("p", classes="unheard-banner", role="alert", data_beat="0", data_testid="unheard")
        with self._box:
            Tag("span", labels.lost())
            Tag("span", classes="beat-time")
            Tag("span", labels.lost_old())
        ui.timer(BEAT_S, self._beat)

    def _beat(self) -> None:
        self._n += 1
        self._box.put(data_beat=str(self._n))
