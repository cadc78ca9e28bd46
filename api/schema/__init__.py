"""What the network can hold."""
