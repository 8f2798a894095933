"""Runs: planning a day anew in the background.

Owns the queue (procrastinate, on the same database), the worker that takes days from it, the solver's own process, and the HTTP by
which a run is asked for, followed, taken back and published. Entered by `app`, `reactions` and the command line; the audiences'
pages call the actions of `visits` themselves. Refuses to hold a transaction while it solves, and to put anything but ids in a job.
"""
