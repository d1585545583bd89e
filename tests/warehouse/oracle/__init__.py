"""The rules of the product once more, in plain Python, to hold the warehouse's SQL against.

Written from the rules' text and not from the SQL; it knows nothing of the packages under test.
Each module derives one concept from a list of events and a roster.
"""
