"""Who is highly connected."""
