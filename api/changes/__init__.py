"""What was changed, by whom and why, and taking it back."""
