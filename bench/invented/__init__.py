"""Pages, feeds and days that are made up: no sentence, name or address here is a publisher's."""
