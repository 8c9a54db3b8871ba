"""One dashboard for each role: what it reads, and the sentences that it opens with."""
