"""Which base URLs may be asked at all."""

from __future__ import annotations

from yarl import URL

from jupyter_prompthub.core.errors import ProviderRefused

from .addresses import literal, refusal

__all__ = ["check_url"]


def check_url(url: str | URL, *, allow_private: bool) -> URL:
    """A base URL that may be asked, parsed. Names are resolved later, when connecting.

    Raises:
        ProviderRefused: not https, no host, credentials in it, or an address that may not be reached.
    """
    try:
        parsed = URL(url) if isinstance(url, str) else url
        host, _ = parsed.host, parsed.port
    except ValueError as error:
        raise ProviderRefused(
            f"not a URL: {str(url)[:200]!r}; expected something like https://api.example.com/v1"
        ) from error
    if not host or parsed.scheme not in ("https", "http"):
        raise ProviderRefused(
            f"not a web address: {str(parsed)[:200]!r}; expected something like https://api.example.com/v1"
        )
    if parsed.user or parsed.password:
        raise ProviderRefused(
            "a base URL must not hold a user or password; enter the key as the connection's secret"
        )
    if parsed.scheme == "http" and not allow_private:
        raise ProviderRefused(
            f"{parsed.scheme}://{host} is not encrypted; use https://, or let an admin allow it for the "
            "connection "
            "(allow_private_address)"
        )
    address = literal(host)
    if address is not None and (why := refusal(address, allow_private=allow_private)):
        raise ProviderRefused(f"the address is not allowed: {why}")
    return parsed
