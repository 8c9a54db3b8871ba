create function kpi_names_date(plain text) returns boolean
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select plain ~ ('\m(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tonight|tomorrow|this (?:morning|afternoon|evening|week|weekend)'
    '|next week|by noon|at noon|right now|end of (?:the )?(?:day|week)|(?:january|february|april|june|july|august|september|october|november|december)'
    '|(?:march|may) \d+(?:st|nd|rd|th)?|the \d+(?:st|nd|rd|th)|in (?:an|a|\d+) (?:hour|hours|minutes|day|days)|within (?:an|a|\d+) (?:hour|hours|day|days)'
    '|at \d{1,2}(?:[. ]\d\d)?(?: (?:am|pm|a m|p m|o clock|oclock|sharp|tomorrow|today|your time))?|\d{1,2} ?(?:am|pm|a m|p m|o clock))\M')
$$;

comment on function kpi_names_date(text) is 'Does this sentence name a day or a time of day?';
