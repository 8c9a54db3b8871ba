"""`python -m parley.supervisor`: what bin/up hands over to."""

import sys

from parley.supervisor.main import main

sys.exit(main())
