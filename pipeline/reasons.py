"""Why somebody decided so: asked for where the other side, or who comes later, must be told."""

from nlp.privacy import mask_text
from pipeline.states import NotAllowed


def reason_given(why: str, missing: str) -> str:
    """Masked, as it is stored. Raises NotAllowed with the sentence `missing` where there is none."""
    if not why.strip():
        raise NotAllowed(missing)
    return mask_text(why.strip())
