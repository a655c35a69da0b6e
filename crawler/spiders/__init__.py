"""The spider that reads all of an office's sources, and its parts: who is asked, read and stored when."""
