"""Run a program that dies with its parent: `python -ISE tied.py PARENT COMMAND…`.

The kernel kills it when the supervisor is gone, even by kill -9. Set here and not between fork and exec of the
supervisor, which has threads. Linux only; elsewhere the program runs untied.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(command[0], command)
