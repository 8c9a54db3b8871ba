create function kpi_names_rate(plain text) returns boolean
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select (
      plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.\d{1,3} percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|monthly mip|mip))'
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.(?:125|25|375|5|50|625|75|750|250|500|875|99|999|990)(?![\d.])(?! (?:percent|percentage|down|years|year|months|times|hours|minutes|million|points))'
      or (plain ~ '(?<![\d.])(?:[2-9]|1[0-4]) percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|gift))'
        and plain ~ '\m(?:rate|rates|interest|fixed|apr)\M')
      or plain ~ '\mrates? (?:today )?(?:is|are|would be|comes to|starts at|starting at|of|at) (?:about |around |roughly )?(?:[2-9]|1[0-4])(?:\.\d+)?\M'
    )
    and (plain !~ '\m(?:they|he|she|him|his|her|their|other lender|other lenders|other quote|competitor|you were quoted|you got|you said|you mentioned|you heard|you told|your current|current rate|your existing|existing rate|you are paying|you pay now|you have now|your old|the 1 point|that quote|your quote)\M'
      or plain ~ '\m(?:our|ours|we can|we are|we have|we could|i can|i could|i have|i would quote|today our)\M')
$$;

comment on function kpi_names_rate(text) is
  'Does this sentence of a rep quote an interest rate of one''s own? Digits or spoken numbers, 2 to 15 percent; down payments, '
  'fees and rates of somebody else are no quotes.';
