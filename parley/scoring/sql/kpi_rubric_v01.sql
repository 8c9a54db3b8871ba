create type kpi_rubric as (rubric jsonb, phrases kpi_phrase[]);

comment on type kpi_rubric is 'A rubric with its phrases compiled, for a batch of attempts.';

-- A call takes some 30 ms. The planner has to know, or it finds a batch too small for several cores.
alter function compute_kpis(jsonb, jsonb, kpi_phrase[]) cost 1000000;
