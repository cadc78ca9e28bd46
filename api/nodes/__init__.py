"""Records of every type: listing, reading and writing them."""
