"""Simulated reps: five skill levels that call a buyer, to prove that the score ranks reps as it should.

A simulated rep knows what a rep knows: the scenario's playbook, and what the buyer says. It sees neither the rubric nor
the score nor what the buyer listens for; import-linter holds that. The levels differ in what they do (how much and how
openly they ask, whether they explore an objection before they answer it, what they tell, how they close, how they speak
and what slips out), so that their ranking by score is a finding. Plain Python, no Django, no audio.
"""
