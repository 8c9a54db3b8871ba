create or replace function kpi_question_kind(sentence text, plain text) returns text
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  marked boolean := sentence ~ '\?[^\w]*$';
  aux constant text := '(?:is|are|am|was|were|do|does|did|can|could|would|will|should|shall|have|has|had|may|might)';
  person constant text := '(?:i|you|we|they|he|she|it|that|this|there|your|the|any|anyone|somebody|someone|those|these|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
  lead constant text := '(?:(?:so|and|okay|oh|well|now|great|good|um|uh|hmm|but|then|also|right|alright|yes|yeah|sure|perfect|thanks|actually|just|or|first|next|got it|all right|thank you|out of curiosity|may i ask|can i ask|let me ask|let me ask you|i wonder|tell me) )*';
  noun constant text := '(?:date|price|rate|rates|score|fico|credit|income|amount|payment|payments|balance|address|name|number|employer|salary|budget|term|size|value|percentage|deadline|fee|fees|quote|taxes|debts|zip|state|county|lock|phone|email)';
  fact constant text := '(?:what (?:time|year|day|date|month|percent|percentage|state|city|county|zip|price|rate|amount|loan amount|payment|fees|type of|kind of (?:property|loan|home|house|job))'
    || '|what (?:is|are|was|were) (?:your|the|their|that|his|her) (?:\w+ ){0,3}' || noun || '(?! (?:that|which|you))'
    || '|what about|how (?:much|many|long|old|soon|often|far|big|high|low|tall|about|are you|is it going|you doing))\M';
  invite constant text := '(?:tell(?:ing)? me (?:a (?:bit|little) )?(?:more|about|what|how|why)|walk(?:ing)? me through|talk(?:ing)? me through|help(?:ing)? me understand|describ(?:e|ing)|shar(?:e|ing) (?:with me|a bit|more)|give me a sense|paint me|say more)';
begin
  -- Whatever asks has a question mark or one of these words.
  if not marked and plain !~ '\m(?:what|how|why|who|when|where|which|whose|is|are|am|was|were|do|does|did|can|could|would|will|should|shall|have|has|had|may|might|tell|telling|walk|walking|talk|talking|help|helping|describe|describing|share|sharing|give|paint|say)\M' then
    return null;
  end if;
  if trim(plain) ~ '^(?:\| )*(?:right|okay|ok|yeah|yes|huh|sure|really|hello|hi|pardon|sorry|hmm|and|good|all right|alright)(?: \|)*$' then
    return null;
  end if;
  -- A long expression is tried only where the words that it must find are there at all.
  -- Open by invitation, with or without a question mark: tell me about, walk me through.
  if plain ~ 'tell|walk|talk|help|descri|shar|give me|paint|say more' and plain ~ ('(?:^|\| )' || lead || '(?:(?:please|could you|can you|would you|will you|would you mind|maybe you could|if you could|i would love for you to|i would like you to) )*(?:just )?'
      || invite || '\M') and plain !~ '\m(?:let me|i will|i can|i could) (?:tell|walk|talk|describe|share|help)' then
    return 'open';
  end if;
  -- A question word with a verb at the start of a clause; "What I can do is …" is a statement.
  if (strpos(plain, 'what') > 0 or strpos(plain, 'how') > 0 or strpos(plain, 'why') > 0)
      and plain ~ ('(?:^|\| )' || lead || '(?:in )?(?:what|how|why)\M')
      and (marked or plain ~ ('(?:^|\| )' || lead || '(?:(?:what|why|how) (?:else )?(?:' || aux
        || '|about|if|matters|brings|brought|made|makes|worries|happens|happened|kind|type|sort|other|concerns|attracted|got|led|come)\M|how (?:much|many|long|old|soon|often|far) (?:' || aux || '|\w+ ' || aux || ')\M)')) then
    if plain ~ ('(?:^|\| )' || lead || fact) then
      return 'closed';
    end if;
    return 'open';
  end if;
  if strpos(plain, 'wh') > 0
      and plain ~ ('(?:^|\| )' || lead || '(?:who|when|where|which|whose)\M')
      and (marked or plain ~ ('(?:^|\| )' || lead || '(?:who|whose|where|which|when)(?: else| \w+)? ' || aux || ' ' || person || '\M')
        or plain ~ ('(?:^|\| )' || lead || '(?:who|where) (?:else )?(?:is|are|do|does|did|will)\M')) then
    return 'closed';
  end if;
  if plain ~ ('(?:^|\| )' || lead || aux || '(?: not)? ' || person || '\M') then
    if plain ~ ('\m(?:and|so|but|then) (?:what|how|why) ' || aux || ' ' || person || '\M') then
      return 'open';
    end if;
    return 'closed';
  end if;
  if marked then
    -- The question stands later in the clause: "And with that lender what happened?"
    if plain ~ ('\m(?:what|why|how) (?:' || aux || '|made|happened|matters|worries|about)\M') and plain !~ ('\m' || fact) then
      return 'open';
    end if;
    return 'closed';
  end if;
  -- Speech recognition without any stop: a question to "you" in the middle of the words.
  if sentence !~ '[.,!?]' then
    if plain ~ ('\m(?:what|why|how) ' || aux || ' (?:you|your)\M') then
      return 'open';
    end if;
    if plain ~ ('(?<!\m(?:if|that|as|than|when|how|what|where|who|why|which|whether|like|not)) (?:do|did|would|could|can|will|have|are) you\M') then
      return 'closed';
    end if;
  end if;
  return null;
end
$$;

comment on function kpi_question_kind(text, text) is
  'open, closed or null when the sentence asks nothing. Open questions begin with what, how or why (not how much, how long '
  'and other single facts) or invite to tell. Works without question marks, which speech recognition drops.';
