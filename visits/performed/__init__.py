"""Performed: what really happened at the door, and what it amounts to.

Owns the states of a visit, the facts that carers send, their folding into one truth, the estimate of when the next visit comes,
and the balance of granted, planned and performed time. Entered by the store and the actions. Refuses to overwrite: a
correction is a new fact.
"""
