"""The kith command, a module a verb; it translates and nothing else."""
