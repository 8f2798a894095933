"""The free choice of provider: what there is to choose between, the wish, the request to switch, and the way to its first day.

Owns comparable facts about providers, the rules for a first day, and the requests. Entered only by `api`; asks only `visits`.
Refuses to rank or recommend: the municipality informs, the citizen chooses (lagen om valfrihetssystem 9 kap. 1 §).
"""
