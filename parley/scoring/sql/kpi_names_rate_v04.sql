create or replace function kpi_names_rate(plain text) returns boolean
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
        and plain ~ '\m(?:rate|rates|apr|interest|fixed|it is|no points|30 year|15 year|today|right now|we are at|would be at|you would be at|you are at|today at|looking at|get you|got you|put you|lock you|lock|call it|call you|pencil you|squeeze you|comes? out at|hovering (?:right )?(?:at|around))\M'
      -- Said digit by digit or as one number: "six two five percent", "six twenty five", and no number at all: "the low sixes".
      or plain ~ '\m[2-9](?:00|12|25|37|38|50|62|63|75|87|88|99) percent\M'
      or plain ~ '(?<![\d.] )\m[2-9] (?:1 2 5|2 5|3 7 5|5 0|6 2 5|7 5|8 7 5|9 9)\M(?! [\d])' and plain ~ '\m(?:percent|rate|rates|apr|fixed|at)\M'
      or plain ~ '\m(?:low|mid|middle|high|upper|lower)(?: to (?:low|mid|middle|high|upper))? (?:fives|sixes|sevens|eights|5s|6s|7s|8s|5 s|6 s|7 s)\M'
      -- On a product or with a lock there is no other number that it could be.
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.\d{1,3}(?![\d.]) (?:\| )?(?:on|with|for|at) (?:a |an |the |0 |no |1 |2 |your )?(?:va|fha|usda|conventional|\d+ year|1?5|30|arm|point|points|lock|zero)'
      or plain ~ '\mrates? (?:today )?(?:is|are|would be|comes to|starts at|starting at|of|at) (?:about |around |roughly )?(?:[2-9]|1[0-4])(?:\.\d+)?\M'
    )
    and (plain !~ '\m(?:they|he|she|him|his|her|their|other lender|other lenders|other quote|competitor|you were quoted|you got|you said|you mentioned|you heard|you told|your current|current rate|your existing|existing rate|you are paying|you pay now|you have now|your old|the 1 point|that quote|your quote)\M' and plain !~ '\m(?:you took|you had|you locked in|you have been paying|your 1st|your first|your original|your low|old rate|old loan|old mortgage|years ago|back then|is gone|in 20\d\d|keep(?:s|ing)? your|(?:los(?:e|es|ing)|giv(?:e|es|ing) up|gave up|lost) (?:the|your|that|a))\M'
      or plain ~ '\m(?:our|ours|we can|we are|we have|we could|i can|i could|i have|i would quote|today our)\M')
$$;

comment on function kpi_names_rate(text) is
  'Does this sentence of a rep quote an interest rate of one''s own? Digits or spoken numbers, 2 to 15 percent; down payments, '
  'fees, rates of somebody else and the rate that the borrower has or had are no quotes.';
