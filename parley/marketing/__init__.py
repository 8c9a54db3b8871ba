"""Public pages and articles.

Words: page, article. Records no events. The public home page is here; articles are not built yet.
"""
