"""The office's mailbox: what agencies and mail systems write back."""
