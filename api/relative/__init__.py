"""The relative's door: the day of somebody who has let them in.

Owns what a relative is told, and the code by which they come in. Entered by relatives only, each seeing those who want it. Stands
on the citizen's door, for it shows the same day in other words. Refuses whatever the citizen does not let them see, from the moment
at which it is withdrawn.
"""
