"""Numbers for Prometheus, in a registry of our own (Jupyter has its own)."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

__all__ = ["Metrics"]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What one process counts. Labels are bounded: route templates, never what a client wrote."""

    def __init__(self, version: str) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "prompthub_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "prompthub_http_request_seconds",
            "Time from a request's headers to the end of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.sockets = Gauge("prompthub_websockets", "Open websockets.", ("route",), registry=self.registry)
        self.owner = Gauge(
            "prompthub_store_owner", "1 when this process owns the store.", registry=self.registry
        )
        Gauge("prompthub_info", "The version.", ("version",), registry=self.registry).labels(version).set(1)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def render(self) -> tuple[bytes, str]:
        """The exposition, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
