"""`python -m core.cli`: the `timeback` command."""

from core.cli.main import app

app()
