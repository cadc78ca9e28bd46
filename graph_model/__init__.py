"""What the network is and how it is kept."""
