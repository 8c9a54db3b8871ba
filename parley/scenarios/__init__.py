"""What is practised: personas, scenarios, rubrics, branching and packs.

Words: scenario, persona, rubric, criterion, branching, pack (a folder of scenario files), version (a published one
never changes). Events recorded: `scenario.published`.
"""
