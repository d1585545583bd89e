"""The marts as a capable analyst would write them by hand: ten files of SQL on the raw tables.

The same marts at the same grain with the same columns; every rule in its main line, from nothing,
in one DuckDB. What the product does besides is left out:

- tests and contracts, small builds, what they need to know of earlier ones, publishing
- former versions of records: the newest school, zone, catalog, enrollment and goal hold for all
  days, and whatever was deleted was so always
- references that contradict each other, sandbox users, query strings in a reference
- of sessions: the cap of 8 hours, ends without a session, streams of software alone, a login sent
  twice, an event without a session that follows one with a session
- segments across midnight (they lie on the day on which they began)
- grades without an item, assessments that are named by the attempt's other events, answers after
  a failed review that are mastery again
- ids are MD5, not UUIDs of version 5
"""
