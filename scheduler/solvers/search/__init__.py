"""Ruin and recreate, compiled: the search that improves a sound day, a hundred thousand steps a second.

Owns the arrays that a day becomes, the kernels over them, and where their compiled form is kept. Entered by the standard
solver with a `Timeline`, which it leaves at the best state passed. Refuses Python objects inside a kernel, and any state that
breaks a hard rule.
"""
