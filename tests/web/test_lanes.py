"""The bound of one kind of work: how much of it runs, how much waits, and how long."""

import asyncio
import threading
import time

import pytest

from hamakg.engine.request_error import RequestError
from hamakg.web.lanes import Lane


def test_work_waits_for_a_slot_and_is_refused_if_there_is_none_in_time() -> None:
    async def use_lane() -> None:
        lane = Lane("apples", at_once=1, waiting=1, seconds=0.2)
        async with lane.enter():
            begun = time.monotonic()
            waiting = asyncio.create_task(lane.run(lambda: None))
            await asyncio.sleep(0)
            with pytest.raises(RequestError, match="too much to do with apples"):  # one waits already
                await lane.run(lambda: None)
            assert time.monotonic() - begun < 0.1
            with pytest.raises(RequestError) as refused:
                await waiting
            assert refused.value.kind == "busy" and 0.2 <= time.monotonic() - begun < 1
        assert await lane.run(lambda: "done") == "done"

    asyncio.run(use_lane())


def test_a_lane_gives_back_the_slot_of_work_that_fails() -> None:
    async def use_lane() -> None:
        lane = Lane("apples", at_once=1, waiting=1, seconds=0.2)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lane.run(lambda: 1 / 0)
        assert await lane.run(threading.current_thread) is not threading.current_thread()

    asyncio.run(use_lane())
