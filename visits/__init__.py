"""The record of home care: what was granted, what is planned, what was performed.

Owns the people, the organisation, decisions, orders, care plans, schedules, visits and check-ins, and the guard over who may
see them. Entered by `provider_choice` and `api`; asks only `scheduler`, and that in one place. Refuses to know the web, the
clock on the wall, and any reader who is not a `Viewer`.
"""
