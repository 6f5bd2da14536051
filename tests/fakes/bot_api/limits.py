"""How much the Bot API takes before it answers 429; nothing is limited until a test says so."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.bot_api.refusal import flood

LIMITED = ("send", "edit", "delete")


@dataclass(slots=True)
class Limits:
    """``chat`` and ``overall`` are (calls, seconds): so many calls in any stretch of so many seconds."""

    clock: Callable[[], float]
    chat: tuple[int, float] | None = None
    overall: tuple[int, float] | None = None
    _seen: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, method: str, chat_id: int) -> None:
        """Count one call, or refuse it. Answers to presses are not limited, edits are."""
        if not method.startswith(LIMITED):
            return
        for who, limit in ((chat_id, self.chat), (0, self.overall)):
            if limit is not None:
                self._take(self._seen[who], *limit)

    def _take(self, seen: deque[float], most: int, seconds: float) -> None:
        now = self.clock()
        while seen and seen[0] <= now - seconds:
            seen.popleft()
        if len(seen) >= most:
            raise flood(max(1, math.ceil(seen[0] + seconds - now)))
        seen.append(now)
