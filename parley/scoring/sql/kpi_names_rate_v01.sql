create function kpi_names_rate(plain text) returns boolean
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select (
      -- A decimal or whole percentage that is neither down payment nor fee.
      plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.\d{1,3} percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|monthly|mip))'
        and (plain ~ '\m(?:rate|rates|apr|interest)\M' or plain !~ '\m(?:fee|fees|premium|mip|pmi|insurance|down payment|ltv|dti|debt|ratio|equity|cost|costs)\M')
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4]) percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|gift))'
        and plain ~ '\m(?:rate|rates|interest|fixed|apr)\M'
      -- Eighths need no percent: "we are at 6.375". Halves and quarters need a word that says so.
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.(?:125|375|625|875|99|990|999)(?![\d.])(?! (?:percent|years?|months?|weeks?|days?|times|hours?|million|thousand))'
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.(?:5|50|500|25|250|75|750)(?![\d.])(?! (?:percent|years?|months?|weeks?|days?|times|hours?|million|thousand|points?))'
        and plain ~ '\m(?:rate|rates|apr|interest|fixed|we are at|would be at|you would be at|today at)\M'
      or plain ~ '\mrates? (?:today )?(?:is|are|would be|comes to|starts at|starting at|of|at) (?:about |around |roughly )?(?:[2-9]|1[0-4])(?:\.\d+)?\M'
    )
    and (plain !~ '\m(?:they|he|she|him|his|her|their|other lender|other lenders|other quote|competitor|you were quoted|you got|you said|you mentioned|you heard|you told|your current|current rate|your existing|existing rate|you are paying|you pay now|you have now|your old|the 1 point|that quote|your quote)\M'
      or plain ~ '\m(?:our|ours|we can|we are|we have|we could|i can|i could|i have|i would quote|today our)\M')
$$;

comment on function kpi_names_rate(text) is
  'Does this sentence of a rep quote an interest rate of one''s own? Digits or spoken numbers, 2 to 15 percent; down payments, '
  'fees and rates of somebody else are no quotes.';
