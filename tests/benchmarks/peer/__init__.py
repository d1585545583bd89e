"""The peer: the event store that a good developer would write in an afternoon.

FastAPI with pydantic bodies; every event a row, by COPY into a staging table and
INSERT … ON CONFLICT DO NOTHING, into a PostgreSQL with the same durability as ours. It is tuned:
writers commit in groups, connections and temporary tables are kept, tokens are looked up in
memory.
"""
