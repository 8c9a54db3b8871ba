"""The live call on Pipecat: ears, mouth and recorder around a buyer.

Owns the pipeline, speech models, transports and the record of a call. Words: brief, utterance, segment, sink, record,
leg (one connection of a call), stretch (speech between two silences), turn, clause, floor.
No Django import. Records no events: it hands what happened to a `CallSink`.
Audio inside is 16-bit little-endian mono PCM at 16 000 Hz unless a name says otherwise.
"""

import os

# Pipecat logs every frame decision to stderr unless its logger is told otherwise before it is first imported.
os.environ.setdefault("LOGURU_LEVEL", "WARNING")
