"""Tracks, assignments, reminders and the training hub.

Words: track, assignment, due date, pass mark, prerequisite. Records `scenario.assigned`; will record
`scenario.completed`, `track.completed`. Tables, policies and assigning are here; the pages follow.
"""
