"""Facts, dimensions, materialized views, dashboards, leaderboards and exports.

Words: fact, dimension, metric, leaderboard, export. Records no events. Nothing is built here yet.
"""
