"""From transcript and rubric to KPIs, score, evidence and feedback, and the page that shows them.

Words: KPI, rubric, criterion, band, share, points, evidence, gate, score, feedback, review. The functions
`compute_kpis`, `compute_score` and `score_attempt` in `sql/` are the single implementation.
Events recorded: `attempt.scored`, `attempt.failed`, `eval.finished`.
"""
