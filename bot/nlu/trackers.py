"""Rasa's memory of the talk: the latest conversations, in memory, bounded in number and length.

The case in the database remembers for days; the tracker is needed for the talk of the hour only.
Nothing that a customer types is written to disk by Rasa.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class RecentTrackerStore(TrackerStore):
    """Keeps the conversations spoken in last and forgets the others.

    Rasa's own in-memory store writes each tracker out as text and reads it back at every turn, and
    never forgets; here the tracker itself is kept. Rasa's lock lets one message of a conversation
    in at a time, so nobody else holds it meanwhile.

    Args:
        domain: Rasa's domain.
        event_broker: Rasa's broker, if any.
        conversations: How many conversations to keep.
        events: How many events of one conversation to keep, about eight a turn.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        conversations: int = 5000,
        events: int = 64,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._conversations = conversations
        self._events = events
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """Return the tracker of a new conversation."""
        slots = self.domain.slots if self.domain else None
        return DialogueStateTracker(sender_id, slots, max_event_history=self._events)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a conversation as the latest one."""
        await self.stream_events(tracker)
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        while len(self._trackers) > self._conversations:
            self._trackers.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a conversation that is still remembered."""
        return self._trackers.get(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return a conversation with all its sessions."""
        return await self.retrieve(conversation_id)

    async def keys(self) -> Iterable[str]:
        """Return the conversations that are remembered."""
        return list(self._trackers)
