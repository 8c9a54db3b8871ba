"""Who the rep talks to: text in, text out.

Owns the brief of a call, the branching schema, the dispatcher, the scripted buyer and the LLM buyer.
Words: brief, persona, branching, topic, objection, motive, patience, closing, turn, reply.
Plain Python: no Django, no audio. Voice, typed practice and evals all use this one code. Records no events.
"""
