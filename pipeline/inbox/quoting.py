"""Where a reply ends and what it quotes begins."""

import re

_OPENING = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc|thư đã chuyển tiếp)\s*-{2,}"
    r"|_{20,}"
    r"|(?:on|vào|ngày|lúc)\b.{0,200}(?:wrote|viết|đã viết)\s*:"
    r"|(?:from|từ)\s*:\s*\S.*"
    r")\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\s*\*?(?:sent|to|subject|date|cc|đã gửi|gửi|đến|tới|chủ đề|tiêu đề|ngày)\*?\s*:", re.IGNORECASE
)
_SENDER = re.compile(r"^\s*\*?(?:from|từ)\*?\s*:", re.IGNORECASE)


def own_words(text: str) -> str:
    """The text without what it quotes; all of it where nothing else stands there."""
    lines = text.split("\n")
    end = next((number for number in range(len(lines)) if _opens_quotation(lines, number)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept)).strip()
    return own or text.strip()


def _opens_quotation(lines: list[str], number: int) -> bool:
    line = lines[number]
    # Such a line is often broken in two.
    both = f"{line} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
    if _SENDER.match(line):
        # "Từ: 01/12 ..." may be the writer's own; a header has its fields below.
        return any(_FIELD.match(after) for after in lines[number + 1 : number + 4])
    return _OPENING.match(line) is not None or (
        both.rstrip().endswith(":") and line.strip() != "" and _OPENING.match(both) is not None
    )
