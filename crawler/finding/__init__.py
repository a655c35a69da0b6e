"""Finding what a site offers to be read by, with as few requests as tell it."""
