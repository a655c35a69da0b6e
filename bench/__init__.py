"""Measuring: how fast, how lean and how punctual the crawler is; see docs/measuring.md."""
