alter type kpi_phrase add attribute query tsquery;

comment on type kpi_phrase is
  'A phrase of a compiled rubric. needed is null for a phrase that is matched in a row: its words hold the rarest of its '
  'meaningful stems, or nothing when it has none, and a sentence that holds it is compared with row_words (no gaps), or '
  'outline (LIKE, cheap) and then pattern (a regular expression). Otherwise that many of words must stand in the sentence; '
  'spreads: they may run on into the next one. in_questions is null for what may be said: only a forbidden phrase asks whether '
  'it was meant, and with false a clause that asks excuses it. A wording of a compliance check has kind check, the place of its '
  'check as idea, its role as field, the words that a sentence must hold as query, and pattern.';
