"""Facts, dimensions, materialized views, dashboards, leaderboards and exports.

Words: fact, dimension, metric, leaderboard, export. Records
`leaderboard.moved`. Facts and views are here; the
dashboards follow.
"""
