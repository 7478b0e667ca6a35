"""The product beside two systems that a user could pick instead, on the same texts and the same PostgreSQL server."""
