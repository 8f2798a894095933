"""The guard: who may see and do what, and the trace that seeing leaves.

Owns the `Viewer` without whom nothing about a person is read, the table of who may see what, and the audit entry. Entered by the
store and the actions. Refuses everything that the table does not allow.
"""
