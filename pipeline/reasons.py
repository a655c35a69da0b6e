"""Why somebody decided so: asked for where the other side, or who comes later, must be told."""

from nlp.privacy import mask_text
from pipeline.states import NotAllowed

LONGEST_REASON = 1_000


def reason_given(why: str, missing: str) -> str:
    """Masked, as it is stored. Raises NotAllowed with the sentence `missing` where there is none."""
    if not why.strip():
        raise NotAllowed(missing)
    # Measured first: to look for names in a book's worth of words takes seconds.
    if len(why.strip()) > LONGEST_REASON:
        raise NotAllowed(f"Lý do dài quá {LONGEST_REASON} ký tự.")
    return mask_text(why.strip())
