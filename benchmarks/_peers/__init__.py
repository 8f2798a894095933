"""The optimizers that ours is measured against, one adapter a file: each built and asked as its own documentation advises.

A module's `Model(problem)` is the peer's model of a problem, its birth is not counted in anybody's time. `PARTS` are the parts
of care-day that the peer can express. `search` gives the answers found; what a peer is held to is judged elsewhere.
"""
