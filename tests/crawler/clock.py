"""A clock that goes on only while somebody waits for it, so that pauses are tested without waiting."""

from __future__ import annotations

import asyncio


class Clock:
    """Seconds that pass only in `sleep`."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._now += seconds
        await asyncio.sleep(0)
