"""The solvers: each turns a problem into an answer behind `scheduler.solver.Solver`, and nothing outside knows which one
did. The only place that may import OR-Tools. A solver judges by `scheduler.cost` in the end, whatever it believed before.
"""
