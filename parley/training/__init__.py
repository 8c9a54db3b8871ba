"""Tracks, assignments, reminders and the training hub.

Words: track, assignment, due date, pass mark, prerequisite. Will record `scenario.assigned`, `scenario.completed`,
`track.completed`.
Tables and policies are here; the pages follow.
"""
