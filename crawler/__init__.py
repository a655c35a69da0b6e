"""From a source to an article: spiders, extraction, politeness, source health."""
