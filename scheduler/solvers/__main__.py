"""``python -m scheduler.solvers``: compile the search and the bound now, so that nobody has to wait for them later."""

import sys

from scheduler.solvers.bound import warming as bound
from scheduler.solvers.search import warming as search
from scheduler.solvers.search.compiling import is_compiled

if not is_compiled():
    sys.stderr.write("Compiling the search (once on this machine; about a minute)\n")
search.warm_up()
bound.warm_up()
