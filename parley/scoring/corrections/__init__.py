"""What people change about a score: managers override, reps dispute, both with a reason; both numbers stay visible.

Words: override (a person's share for a criterion, or a lifted cap), dispute, answer. Only official attempts are
corrected, never by the person who made them. Events recorded: `criterion.overridden`, `criterion.disputed`,
`dispute.answered`, `dispute.withdrawn`, `attempt.rescored`.
"""
