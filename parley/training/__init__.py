"""Tracks, assignments, reminders and the training hub.

Words: track, assignment, due date, pass mark, prerequisite. Will record `scenario.assigned`, `scenario.completed`, `track.completed`.
Nothing is built here yet; the arrows of the house already name its place above scoring.
"""
