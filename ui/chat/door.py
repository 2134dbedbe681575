"""The door of the page: a name and a password come in, a session goes out; those who guess are slowed down.

Checking a password costs 64 MiB and tens of milliseconds on purpose, so few are checked at a time, in threads of their
own: who knocks without end keeps others from logging in, not from working.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from ui.api.limits import Turns
from ui.chat.users import Sessions, Users

WRONG_BY_ADDRESS = 20
"""Wrong attempts from one address within `WINDOW`."""
WRONG_BY_NAME = 50
"""Wrong attempts at one name within `WINDOW`; more, so that it takes effort to lock somebody else out."""
WINDOW = 600.0
"""Seconds for which a wrong attempt counts."""
REMEMBERED = 10_000
"""Addresses, and names, whose attempts are known at a time."""
AT_ONCE = 2
"""Passwords that are checked at a time."""
WAITING = 64
"""Passwords that wait for it."""


class NotLetInError(Exception):
    """Somebody was not let in; ``wait`` has the seconds until the next attempt counts, 0 for a wrong password."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("not let in")
        self.wait = wait


class Attempts:
    """Attempts that went wrong of late, by whatever name."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Seconds until there may be another attempt; 0 for now."""
        seen = self._of(name)
        return seen[0] + WINDOW - self._clock() if len(seen) >= self._most else 0.0

    def begin(self, name: str) -> None:
        """Count an attempt as wrong until it is known better, so that many at once are no way around."""
        self._of(name).append(self._clock())

    def forgive(self, name: str) -> None:
        """It was right."""
        if seen := self._of(name):
            seen.pop()

    def _of(self, name: str) -> deque[float]:
        seen = self._seen.setdefault(name, deque())
        self._seen.move_to_end(name)
        while seen and seen[0] <= self._clock() - WINDOW:
            seen.popleft()
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return seen


class Door:
    """Lets users in."""

    def __init__(self, users: Users, sessions: Sessions, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.sessions = sessions
        self._users = users
        self._turns = Turns(at_once=AT_ONCE, waiting=WAITING)
        self._by_address = Attempts(WRONG_BY_ADDRESS, clock=clock)
        self._by_name = Attempts(WRONG_BY_NAME, clock=clock)

    async def enter(self, name: str, password: str, address: str) -> str:
        """A session for who has the right password.

        Raises:
            NotLetInError: it is wrong, or there were too many wrong ones.
            ProblemError: 503, too many are at the door.
        """
        counted = ((self._by_address, network(address)), (self._by_name, name[:64]))
        if wait := max(attempts.wait(who) for attempts, who in counted):
            raise NotLetInError(wait)
        for attempts, who in counted:
            attempts.begin(who)
        if not await asyncio.wrap_future(self._turns.submit(lambda: self._users.right(name, password))):
            raise NotLetInError
        for attempts, who in counted:
            attempts.forgive(who)
        return self.sessions.begin(name)

    def close(self) -> None:
        """Wait for what is under way."""
        self._turns.close()


def network(address: str) -> str:
    """What one household has: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
