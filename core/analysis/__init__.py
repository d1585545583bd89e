"""SQL for analysts: one published build, its marts and nothing else."""
