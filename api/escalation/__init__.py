"""The ways up to a decision-maker."""
