"""The mail of the day of people who work for the ministries and the coordination: what each of them can act on, in one message.

``daily`` owes it; ``cases``, ``commitments`` and ``comments`` find what is in it, in a fixed number of statements for a person.
"""
