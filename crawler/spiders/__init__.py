"""How each kind of source is read, and the spider that reads all of one office's."""
