"""What spans the domains: sidebar, role dashboards, error pages, the template tags and icons that all pages use.

Owns the dashboard and everything a page has around its own subject. Words: dashboard, shell, asset, icon.
Records no events.
"""
