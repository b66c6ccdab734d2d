"""Which public key a bundle is verified with."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from ..core.errors import InvalidInput, TooLarge
from .container import LARGEST
from .contents import Bundle, open_bundle
from .keys import parse_key

__all__ = ["Trust", "load_bundle"]

_log = logging.getLogger("jupyter_prompthub.bundle")


class Trust:
    """Which key to trust.

    Args:
        public_key: the key, or a file that holds it; None: what ``PROMPTHUB_BUNDLE_KEY`` says.
        pin: a file that remembers, for each workspace, the key of the first bundle that was opened with it.
        allow_unsigned: take a bundle without a signature, when no key is given.

    Raises:
        InvalidInput: what is given is no key.
    """

    def __init__(
        self,
        public_key: str | Path | None = None,
        *,
        pin: str | Path | None = None,
        allow_unsigned: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        given = public_key if public_key is not None else environ.get("PROMPTHUB_BUNDLE_KEY") or None
        self._explicit = None if given is None else _given(given)
        self._pin = None if pin is None else Path(pin)
        self._allow_unsigned = allow_unsigned

    def key_of(self, workspace_id: str, named: str | None) -> str | None:
        """See :func:`open_bundle`."""
        if self._explicit is not None:
            return self._explicit
        pinned = self._pins().get(workspace_id)
        if pinned is not None:
            return parse_key(str(pinned))
        if named is None and self._allow_unsigned:
            return None
        if named is None:
            raise InvalidInput("the bundle is not signed; to use it all the same, say allow_unsigned=True")
        if self._pin is not None:
            return parse_key(named)
        raise InvalidInput(
            "which key signs your bundles? Give public_key= (what `prompthub bundle key` prints at the server), set "
            "PROMPTHUB_BUNDLE_KEY, or name a file with pin= that remembers the key of the first one"
        )

    def opened(self, bundle: Bundle) -> None:
        """Remember the key of a bundle that was verified."""
        if self._pin is None or self._explicit is not None or bundle.key is None:
            return
        pins = self._pins()
        if bundle.workspace_id in pins:
            return
        pins[bundle.workspace_id] = bundle.key
        try:
            self._pin.parent.mkdir(parents=True, exist_ok=True)
            self._pin.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", "utf-8")
        except OSError as error:
            raise InvalidInput(f"the key cannot be remembered in {self._pin}: {error}") from error
        _log.warning(
            "%s is trusted for the workspace %s from now on (%s)", bundle.key, bundle.workspace, self._pin
        )

    def _pins(self) -> dict[str, str]:
        if self._pin is None or not self._pin.exists():
            return {}
        try:
            pins = json.loads(self._pin.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise InvalidInput(f"{self._pin} does not hold pinned keys: {error}") from error
        if not isinstance(pins, dict):
            raise InvalidInput(f"{self._pin} does not hold pinned keys: expected a JSON object")
        return pins


def load_bundle(path: str | Path, trust: Trust) -> Bundle:
    """Read a bundle from a file, and check all of it.

    Raises:
        InvalidInput: it cannot be read, or not be trusted; the message says why.
    """
    try:
        if Path(path).stat().st_size > LARGEST:
            raise TooLarge(f"{path} has more than {LARGEST >> 20} MiB: that is no bundle")
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"the bundle cannot be read: {path}: {error.strerror or error}") from error
    bundle = open_bundle(data, trust.key_of)
    trust.opened(bundle)
    return bundle


def _given(key: str | Path) -> str:
    path = Path(key)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if isinstance(key, Path) or is_file:
        try:
            return parse_key(path.read_text("ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"the key cannot be read from {path}: {error}") from error
    return parse_key(key)
