"""Reads over the reporting star, as the acting member may see it."""
