"""Grade what students hand in."""
