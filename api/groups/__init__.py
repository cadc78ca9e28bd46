"""Whom to make a working group of."""
