"""Performed: what really happened at the door, and what it amounts to.

Owns the states of a visit, the facts that are told about it, their folding into one truth, what deviates from the plan, the
estimate of when the next visit comes, and the strip of granted, planned and performed time. Entered by the store and the
actions. Refuses to overwrite: a correction is a new fact.
"""
