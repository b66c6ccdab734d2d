"""Browser profiles that are used again: a page whose scripts the browser has compiled before costs half."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Error

__all__ = ["Seats"]

_OF_A_PERSON = "cookies,local_storage,indexeddb,websql,service_workers,cache_storage,file_systems"


class Seats:
    """Lends contexts, and takes them back without what makes them somebody's. The HTTP cache stays.

    Args:
        make: a new context.
    """

    def __init__(self, make: Callable[[], BrowserContext]) -> None:
        self._make = make
        self._free: list[BrowserContext] = []

    def take(self) -> BrowserContext:
        """A context in which nobody has been, as far as a page can tell."""
        return self._free.pop(0) if self._free else self._make()

    def give_back(self, context: BrowserContext, *, origin: str, clean: bool) -> None:
        """Close its pages and make it nobody's. Not ``clean``: end it."""
        try:
            if not clean or not context.pages:
                context.close()
                return
            # one page stays: a browser may end a profile with its last page
            *others, last = context.pages
            for page in others:
                page.close()
            last.goto("about:blank")
            session = context.new_cdp_session(last)
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _OF_A_PERSON})
            session.detach()
            context.clear_cookies()
            context.clear_permissions()
        except Error:  # a window that has crashed
            context.close()
            return
        self._free.append(context)
