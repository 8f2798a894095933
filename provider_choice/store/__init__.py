"""The tables of the choice, one noun a file, with their queries, returning frozen records.

Entered by the actions and by `api`. Refuses to answer about a citizen without a `Viewer`, and two open requests of one citizen.
"""
