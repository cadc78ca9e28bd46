"""Ties of every type: reading and writing them."""
