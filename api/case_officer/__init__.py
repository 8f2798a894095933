"""The case officer's door: the own citizens with what awaits an answer, and each case with decision, order, plan and time.

Owns how a case is shown. Entered by case officers only, each seeing the citizens they have decided about. Refuses to rank
providers, and to answer a request for a reason that is not on the list.
"""
