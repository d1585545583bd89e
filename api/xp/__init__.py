"""The XP ledger of a student."""
