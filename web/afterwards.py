"""Small notes of what was looked at, written once the page has gone: no page waits for the store to be free,
which a stage that writes may keep for seconds."""

import logging
from collections.abc import Callable
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.responses import Response

_log = logging.getLogger(__name__)


class Afterwards:
    """Of notes with the same name one is written at a time; what else comes meanwhile tells the same."""

    def __init__(self) -> None:
        self._under_way: set[str] = set()
        self._lock = Lock()

    def write(self, answer: Response, name: str, note: Callable[[], None]) -> None:
        """Raises nothing, then or later: what cannot be noted is noted at the next page."""
        task = BackgroundTask(self._write, name, note)
        before = answer.background
        answer.background = task if before is None else BackgroundTasks([before, task])

    def _write(self, name: str, note: Callable[[], None]) -> None:
        with self._lock:
            if name in self._under_way:
                return
            self._under_way.add(name)
        try:
            note()
        except SQLAlchemyError as error:
            _log.warning("not noted: %s", type(error).__name__)
        finally:
            with self._lock:
                self._under_way.discard(name)
