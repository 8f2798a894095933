"""The carer's door: the route of the day on the phone, one hand, in sunlight, the next step always the largest button.

Owns what a carer is shown on the way and at the door, and takes in what happened there. Entered by carers only, each seeing their
own visits of today and tomorrow. Refuses facts about other people's visits, and never takes the same one twice.
"""
