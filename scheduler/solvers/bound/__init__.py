"""How much a day must cost at least: column generation over the routes of single carers. Owns the linear program over routes, the
pricing of routes in compiled labels, and what of links can be said without time. Entered with a problem and a plan to begin from;
answers with a number that no plan can undercut, whenever it is stopped. Refuses to round in its own favour: duals become
whole numbers before they are used, and the bound is summed up in whole numbers.
"""
