"""Changes the store by a job, and finds out what became of the change if its worker fails or dies."""

import asyncio

from hamakg.engine.jobs import Head, UpdateJob, WriteJob
from hamakg.engine.pool import UNCERTAIN
from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.web.service import Service

_LOOK_SECONDS = 10.0
"""How long to wait for the end of a writer that was killed, and of others, before the store is looked at."""


async def change_store(job: UpdateJob | WriteJob, service: Service) -> Head:
    """Runs the job; returns the head of its answer when the change stands.

    Raises RequestError if it does not stand, or if that cannot be found out; the message says so then.
    """
    before, head = service.store.generation(), None
    try:
        async with service.pool.answer(job) as answer:
            head = answer.head
            await answer.read()
            return head
    except RequestError as error:
        if head is None and not error.message.endswith(UNCERTAIN):
            raise  # the job itself has failed before it could change anything
        message = error.message.removesuffix(UNCERTAIN)
        try:
            newest = await asyncio.to_thread(service.store.wait_for_writer, _LOOK_SECONDS)
        except HamakgError:
            raise RequestError(error.kind, message + UNCERTAIN) from error
        if head and newest == head.new_generation:
            return head
        is_unchanged = newest == (head.old_generation if head else before)
        raise RequestError(error.kind, message + (" Nothing was changed." if is_unchanged else UNCERTAIN)) from error
