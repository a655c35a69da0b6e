"""One crawl of a feed in a process of its own, to be killed: python -m … DATA_DIR FEED."""

import sys
from pathlib import Path

from crawler.run import crawl
from tests.integration.crawler.conftest import FixedClock, office_settings, shout_numbers

if __name__ == "__main__":
    settings = office_settings({"sources": [{"kind": "feed", "url": sys.argv[2]}]}, timeout_seconds=60)
    crawl("sqlite:///dansinh.db", Path(sys.argv[1]), settings, FixedClock(), shout_numbers)
