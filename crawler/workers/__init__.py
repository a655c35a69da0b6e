"""Processes that read what was downloaded: see docs/decisions/0015-pages-are-read-by-workers.md."""
