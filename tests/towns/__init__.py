"""Days that a person can hold in the head, and random ones. A file builds one day as a `scheduler.Problem`; expected costs
are worked out by hand in the tests that use it.
"""
