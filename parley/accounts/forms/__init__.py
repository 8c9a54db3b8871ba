"""What people fill in about themselves, others and their organisation."""
