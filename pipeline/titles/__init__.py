"""An issue's own name: what, where; neutral words and names of places, none of a person."""

from pipeline.titles.title import title_for, title_of

__all__ = ["title_for", "title_of"]
