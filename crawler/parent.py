"""What every process of a crawl does that was started by another."""

import multiprocessing
import os
import threading


def die_with_the_parent() -> None:
    """A parent killed by SIGKILL cannot say so: its end of a pipe closes, and that is what join waits for."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
