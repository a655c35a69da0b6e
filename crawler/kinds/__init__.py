"""From what a source answers to the addresses it names: one module a kind."""
