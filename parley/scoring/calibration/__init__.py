"""How far the judge agrees with people: both score the same criteria 0 to 4, by a file or by managers' overrides."""
