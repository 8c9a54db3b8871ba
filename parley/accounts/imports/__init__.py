"""Many people at once: a file is read, every line's fate shown, and only then something happens; it can be undone."""
