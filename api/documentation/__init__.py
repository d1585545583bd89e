"""The dbt docs, for analysts and admins."""
