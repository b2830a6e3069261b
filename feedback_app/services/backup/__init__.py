"""A copy of the whole database in one file, and the way back. ``sqlite`` and ``postgresql`` each know how theirs is read and written."""
