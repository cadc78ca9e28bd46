"""The network as a picture: what is on it, how it looks, and the one file it is kept in."""

from analytics.maps.page import BROWSER_FILES, map_html
from analytics.maps.picture import Dot, Line, MapQuestion, Picture, draw

__all__ = ["BROWSER_FILES", "Dot", "Line", "MapQuestion", "Picture", "draw", "map_html"]
