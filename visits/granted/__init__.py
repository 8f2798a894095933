"""Granted: what the municipality has decided, ordered, and agreed with the citizen.

Owns decisions, orders and care plans, and the conversion between the units in which time is granted. Entered by `planned` and
`performed`; asks nobody further down the way of the data. Refuses a plan without an order, and an order beyond its decision.
"""
