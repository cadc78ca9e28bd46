"""Pure functions from a Network to an answer."""
