"""What is held about a person: copied, erased, forgotten in time, shown only on record. ``models/inventory.py`` says where it is."""
