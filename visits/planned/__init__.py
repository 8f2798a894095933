"""Planned: from care plans to the day that people are told about.

Owns visit demands, staffing, travel estimates, the one translation to and from the scheduler, and schedules with what differs
between two of them. Entered by `performed`, the store and the actions. Refuses a visit without an order in force on its day.
"""
