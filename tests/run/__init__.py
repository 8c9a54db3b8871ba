"""The two commands and the embedded PostgreSQL: how they start, share, recover and end."""
