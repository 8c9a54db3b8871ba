"""History scored again by another version of a rubric: shown before it is done, done in one statement, never forgotten.

Words: re-score, preview (who would move, and why), move (from one score to another), kept (an attempt that stays as it
is, because its words are forgotten). Events recorded: `scenario.rescored`.
"""
