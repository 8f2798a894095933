"""Small worlds for tests, stored in a real database."""
