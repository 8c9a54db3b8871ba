"""One terminal for everything: PostgreSQL, web with voice, and the job worker, started, watched and ended together.

`bin/up` hands over to this. Words: step, process, address. No Django here; what needs it runs in a process of its own.
"""
