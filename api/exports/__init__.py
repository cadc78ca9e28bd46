"""Taking the network out, as sheets or as GraphML."""
