"""The live call on Pipecat: ears, mouth and recorder around a buyer.

Owns the pipeline, speech models, transports and the record of a call. Words: brief, utterance, segment, sink, record.
No Django import. Records no events: it hands what happened to a `CallSink`.
Audio inside is 16-bit little-endian mono PCM at 16 000 Hz unless a name says otherwise.
"""
