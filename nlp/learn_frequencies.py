"""Counts in how many texts a term stands: `python -m nlp.learn_frequencies TEXTS.jsonl… [--out FILE]`."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from nlp.rows import rows_of, text_of
from nlp.similarity import runs
from nlp.text import tokens

LEAST_SEEN = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "frequencies.tsv")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    documents = 0
    for path in options.texts:
        for row in rows_of(path):
            documents += 1
            counts.update(set(runs(tokens(text_of(row)))))
    kept = sorted((term, count) for term, count in counts.items() if count >= LEAST_SEEN)
    lines = [f"#documents\t{documents}", *(f"{term}\t{count}" for term, count in kept)]
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{documents} texts, {len(kept)} terms\n")


if __name__ == "__main__":
    main()
