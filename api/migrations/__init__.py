"""How the tables came to be, step by step (Alembic). Stands in `api` because it must see every table.

Entered by ``vardag migrate`` and by the tests, which make their databases by it. It refuses tables that no step has
made.
"""
