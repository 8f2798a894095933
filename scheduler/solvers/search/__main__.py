"""``python -m scheduler.solvers.search``: compile the search now, so that nobody has to wait for it later."""

import sys

from scheduler.solvers.search.compiling import is_compiled
from scheduler.solvers.search.warming import warm_up

if not is_compiled():
    sys.stderr.write("Compiling the search (once on this machine; about a minute)\n")
warm_up()
