"""How agencies answer: by the signed link in their letter, with files, or by messages to be looked at."""
