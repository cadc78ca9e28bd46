"""The server: JSON under /api/v1 and pages under /; it translates and nothing else."""
