"""One attempt: its life, player page, recording, transcript and voice providers.

Words: attempt (one call and its result), call token, utterance, segment, recording, transcript of record, gate, sweep.
Events recorded: `call.started`, `call.finished`, `call.abandoned`.
"""
