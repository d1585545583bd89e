"""SQL for analysts over HTTP."""
