"""The bundle that a partner is handed: credentials, addresses, and a page that runs as written."""
