"""Mails: what they say (``messages``), how they look (``rendering``), that they are owed (``outbox``), how they leave (``transport``)."""
