"""Ways by which a message reaches an agency; which one is its own is said in config.yaml."""
