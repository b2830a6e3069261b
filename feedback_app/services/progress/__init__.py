"""Progress of commitments: what ministries say of them (``updates``), what everybody reads (``reading``, ``dashboard``), what they owe
(``desk``)."""
