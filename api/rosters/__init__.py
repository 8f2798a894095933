"""Rosters: shifts and absences as other systems write them, read into rows that the record can judge.

Owns the two formats (`docs/rosters.md`) and the command ``vardag roster``. Entered by the coordinator's room. Refuses to guess:
what it cannot read is told with the row, the field and the value, all rows at once.
"""
