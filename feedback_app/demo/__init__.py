"""The sample data of ``make demo``: a fictitious plan, people and conversations, entered through the real services.

A tier of its own just above ``services``: commands and pages of the demo read it, nothing below does.
"""
