"""What alerts tell: digests from the same reports and the same policy as the pages."""
