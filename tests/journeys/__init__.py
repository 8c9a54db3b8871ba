"""What a person does, in a real browser against a running installation with the embedded database, voices and buyer.

Set PARLEY_JOURNEY_URL to an installation with demo sign-in that runs already, to save its start.
"""
