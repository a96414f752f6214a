"""Browser contexts that tests use one after the other.

A context of its own for every test is an empty cache for every test: NiceGUI's scripts are fetched and compiled anew,
which is half of what opening a page costs. A context that is kept has them; what else a test leaves behind is removed.
With ``--process-per-site`` a page that stays open in it keeps the process of the next one too, and what it compiled.
"""

from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

# Only contexts that differ in nothing but these are kept; cameras, credentials and the like are of one test. Nor is one
# in which certificates are believed blindly: nothing is cached there, and what stays open is in a server's way.
_KEPT = frozenset(("device_scale_factor", "has_touch", "is_mobile", "locale", "timezone_id", "user_agent"))
_MEDIA = ("color_scheme", "contrast", "forced_colors", "reduced_motion")
_STORED = "local_storage,indexeddb,websql,cache_storage,service_workers,file_systems"
_FOR_EVER = ("add_init_script", "expose_binding", "expose_function")


class Contexts:
    """Lends contexts of a browser, and has them as new when they are lent again."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = defaultdict(list)
        self._lent: list[tuple[str | None, BrowserContext]] = []
        self._origins: dict[BrowserContext, set[str]] = defaultdict(set)
        self._anchors: dict[BrowserContext, Page] = {}

    def page(self, viewport: dict[str, int], **options: Any) -> Page:
        """Open an empty page in a context in which nobody else has one."""
        media = {name: options.pop(name) for name in _MEDIA if name in options}
        page = self._page(options)
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        if media:
            page.emulate_media(**media)
        return page

    def _page(self, options: dict[str, Any]) -> Page:
        if not options.keys() <= _KEPT:
            context = self._browser.new_context(**options)
            self._lent.append((None, context))
            return context.new_page()
        key = repr(sorted(options.items()))
        if self._idle[key]:
            context = self._idle[key].pop()
            self._lent.append((key, context))
            page = context.new_page()
            self._forget(context, page)
            return page
        context = self._browser.new_context(**options)
        for name in _FOR_EVER:
            setattr(context, name, _refuse)
        self._lent.append((key, context))
        self._anchors[context] = _anchor(context)
        return context.new_page()

    def _forget(self, context: BrowserContext, page: Page) -> None:
        asked = context.new_cdp_session(page)
        for origin in self._origins.pop(context, ()):
            asked.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _STORED})
        asked.detach()

    def take_back(self) -> None:
        """Close every page; what tests can do to a context is undone."""
        for key, context in self._lent:
            if key is None:
                context.close()
                continue
            for page in context.pages:
                if page is self._anchors[context]:
                    continue
                address = urlsplit(page.url)
                if address.netloc:
                    self._origins[context].add(f"{address.scheme}://{address.netloc}")
                page.close()
            context.clear_cookies()
            context.clear_permissions()
            context.unroute_all()
            context.set_offline(False)
            context.set_extra_http_headers({})
            self._idle[key].append(context)
        self._lent.clear()

    def close(self) -> None:
        """Close them all."""
        self.take_back()
        for contexts in self._idle.values():
            for context in contexts:
                context.close()
        self._idle.clear()
        self._anchors.clear()


def _anchor(context: BrowserContext) -> Page:
    """An empty page of the site that all servers of tests are, whatever their port."""
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://127.0.0.1/")
    return page


def _refuse(*_arguments: object, **_options: object) -> None:
    raise AssertionError("this cannot be undone in a context that the next test has: make one of your own")
