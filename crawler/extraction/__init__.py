"""From a page to an article: title, lead, body, time; or the finding that it is none."""

from crawler.extraction.learned import Learned
from crawler.extraction.page import Extracted, extract

__all__ = ["Extracted", "Learned", "extract"]
