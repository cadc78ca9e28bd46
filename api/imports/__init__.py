"""Bringing a folder of sheets in."""
