"""The guidelines on a page: verdict, open questions and, where it is wanted, notices; read again every few seconds."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web.asks_card import AsksCard, side_of_last
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.guidance_cards import NoticeList, VerdictCard
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import PainSide
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.ports import DiaryView, Guide

GUIDE_POLL_S: Final = 5.0
Told = tuple[Guidance, DiaryView]


class GuidePanel:
    """Health data: only for who may see it. on_told : called with what is said, at first and when read.

    may_write : whether questions can be answered here. asks_in : where they stand, if not right below the verdict.
    """

    def __init__(
        self,
        frame: Frame,
        writing: WriteSide,
        guide: Guide,
        athlete: Athlete,
        *,
        on_told: Callable[[Guidance, DiaryView], None] | None = None,
        may_write: bool = True,
        asks_in: Tag | None = None,
    ) -> None:
        self._frame, self._guide, self._athlete, self._on_told = frame, guide, athlete, on_told
        self.speaker = Speaker(guide, athlete, self._said)
        self.guidance, self.diary = self._read()
        self._verdict = VerdictCard()
        with nullcontext() if asks_in is None else asks_in:
            self._asks = AsksCard(self.speaker if may_write else None, writing.now_utc, athlete.id)
        self._notices: NoticeList | None = None
        self._show_cards()
        ui.timer(GUIDE_POLL_S, self.refresh)

    @property
    def side(self) -> PainSide:
        """The side that was said last."""
        return side_of_last(self.diary)

    def _read(self) -> Told:
        return self._guide.guidance(self._athlete.id), self._guide.diary(self._athlete.id)

    def add_notices(self) -> None:
        """Put the list of notices into the element that is open."""
        self._notices = NoticeList()
        self._notices.show(self.guidance.notices)

    async def refresh(self) -> None:
        """Read and show what changed."""
        try:
            told: Told | None = await run.io_bound(self._read)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if told is None:  # the server is going down
            return
        self.guidance, self.diary = told
        self.show()

    async def _said(self, guidance: Guidance) -> None:
        """Show at once what a line did: a red flag waits for nothing."""
        self.guidance = guidance
        self._show_cards()
        await self.refresh()

    def show(self) -> None:
        """Show what is known, and tell whoever asked to be told."""
        self._show_cards()
        if self._on_told is not None:
            self._on_told(self.guidance, self.diary)

    def _show_cards(self) -> None:
        self._verdict.show(self.guidance)
        self._asks.show(self.guidance.asks, self.side)
        if self._notices is not None:
            self._notices.show(self.guidance.notices)
