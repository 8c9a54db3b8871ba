create or replace function kpi_numbers(words text) returns text
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  tokens text[];
  small constant jsonb := '{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}';
  parts constant jsonb := '{"half": 0.5, "quarter": 0.25, "quarters": 0.25, "eighth": 0.125, "eighths": 0.125}';
  result text[] := '{}';
  token text;
  total numeric;   -- finished thousands of the number being read
  part numeric;    -- its hundreds, tens and ones; null while no number is being read
  last numeric;    -- the last word's value, to tell "sixty two" from "sixty, two"
  decimals text;   -- digits after "point"; null before it
  value numeric;
  k integer := 1;
begin
  -- Speech recognition mixes digits and words: "6 and a half", "6 point 2 5", "a hundred percent".
  if words ~ '\m\d{1,2} (?:and|point|three|five|seven|[1357] (?:[248]|quarters|eighths))\M|\m(?:a|an) (?:hundred|thousand|million)\M' then
    -- What stood as 6 3/8 or 6-3/8.
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 8(?! ?[\d.])\M', '\1.125', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 4(?! ?[\d.])\M', '\1.25', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?3 8(?! ?[\d.])\M', '\1.375', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 2(?! ?[\d.])\M', '\1.5', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?5 8(?! ?[\d.])\M', '\1.625', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?3 4(?! ?[\d.])\M', '\1.75', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?7 8(?! ?[\d.])\M', '\1.875', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:an? |one |1 )?half\M', '\1.5', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:a |one |1 )?quarter\M', '\1.25', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:an |one |1 )?eighth\M', '\1.125', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:three|3) quarters\M', '\1.75', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:three|3) eighths\M', '\1.375', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:five|5) eighths\M', '\1.625', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:seven|7) eighths\M', '\1.875', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d{1,3})\M(?! \d)', '\1.\2', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d) (\d)\M(?! \d)', '\1.\2\3', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d) (\d) (\d)\M', '\1.\2\3\4', 'g');
    words := regexp_replace(words, '\m(?:a|an) (hundred|thousand|million)\M', 'one \1', 'g');
  end if;
  if words !~ '\m(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|zero)\M' then
    return words;
  end if;
  tokens := string_to_array(words, ' ');
  while k <= cardinality(tokens) + 1 loop
    token := tokens[k];
    value := (small ->> token)::numeric;
    if value is not null and part is null then
      part := value; last := value; total := 0; decimals := null;
    elsif value is not null and decimals is not null then
      decimals := decimals || trim_scale(value);
    elsif value is not null and last between 20 and 90 and last % 10 = 0 and value between 1 and 9 then
      part := part + value; last := value;
    elsif value is not null and last = 100 and value < 100 then
      part := part + value; last := value;
    elsif value is not null and last = 1000 then
      part := value; last := value;
    elsif value is not null and value >= 10 and part between 1 and 99 and total = 0 then
      part := part * 100 + value; last := value;  -- seven sixty two, twenty twenty one
    elsif token = 'hundred' and part between 1 and 99 and decimals is null then
      part := part * 100; last := 100;
    elsif token = 'thousand' and part is not null and decimals is null then
      total := total + part * 1000; part := 0; last := 1000;
    elsif token = 'million' and part is not null and decimals is null then
      total := (total + part) * 1000000; part := 0; last := 1000;
    elsif token = 'and' and last = 100 and small ? coalesce(tokens[k + 1], '') then
      null;
    elsif token = 'point' and part is not null and decimals is null and small ? coalesce(tokens[k + 1], '') then
      decimals := '';
    elsif token in ('o', 'oh') and decimals is not null then
      decimals := decimals || '0';
    elsif token = 'and' and part is not null and decimals is null and tokens[k + 1] in ('a', 'an', 'one') and parts ? coalesce(tokens[k + 2], '') then
      decimals := split_part((parts ->> tokens[k + 2]), '.', 2);
      k := k + 2;
    elsif token = 'and' and part is not null and tokens[k + 1] in ('three', 'five', 'seven')
        and tokens[k + 2] in ('quarters', 'eighths') then
      decimals := split_part(trim_scale((small ->> tokens[k + 1])::numeric * (parts ->> tokens[k + 2])::numeric)::text, '.', 2);
      k := k + 2;
    elsif part between 1 and 20 and total = 0 and decimals is null and last between 1 and 20 and token in ('three', 'five', 'seven')
        and tokens[k + 1] in ('quarters', 'eighths') then
      decimals := split_part(trim_scale((small ->> token)::numeric * (parts ->> tokens[k + 1])::numeric)::text, '.', 2);
      k := k + 1;
    else
      if part is not null then
        result := result || (trim_scale(total + part)::text || coalesce('.' || nullif(decimals, ''), ''));
        part := null;
        if value is not null then
          continue;
        end if;
      end if;
      if token is not null then
        result := result || token;
      end if;
    end if;
    k := k + 1;
  end loop;
  return array_to_string(result, ' ');
end
$$;

comment on function kpi_numbers(text) is
  'The words with spoken numbers as digits: "six and a quarter" becomes 6.25, "three hundred forty thousand" 340000, '
  '"seven sixty two" 762. Expects lower-case words with single spaces.';
