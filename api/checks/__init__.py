"""What is wrong, doubtful or missing in the data."""
