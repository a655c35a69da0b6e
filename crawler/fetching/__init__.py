"""Getting an answer from a host: what may be asked, how politely, within which limits."""
