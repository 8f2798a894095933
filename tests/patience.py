"""How long tests wait for what must come: what comes at once is not waited for, and a machine that is busy fails nobody.

No promise to people is measured by it; a test that means one says how many seconds it gives.
"""

SECONDS = 60.0
MILLISECONDS = 1000 * SECONDS
