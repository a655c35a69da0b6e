"""A small invented town on this machine: outlets, a mail server and an office, end to end, offline."""
