"""Passwords: Argon2id, a few at a time, off the event loop, with equal work for unknown accounts."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["Passwords"]


class Passwords:
    """Hashes and verifies. At most ``at_once`` hashes are computed together (each takes 64 MiB)."""

    def __init__(self, *, at_once: int = 2) -> None:
        self._hasher = PasswordHasher()
        # the threads are the semaphore: more callers wait in the queue
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="prompthub-password")
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The Argon2id hash, with its parameters and salt, as one string."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the one of ``stored``; None (no account) takes as long and is False."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, stored, password)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str | None, password: str) -> bool:
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody has this password")
        try:
            return self._hasher.verify(stored or self._nobody, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
