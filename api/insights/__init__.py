"""What stands out about a student, and their sessions."""
