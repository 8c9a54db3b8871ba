from __future__ import annotations

from django.db import migrations

from parley.core.sqlfile import SQLFile

# In the order in which they need each other; going back drops them the other way round.
OBJECTS = {
    "kpi_utterance": "drop type kpi_utterance",
    "kpi_sentence": "drop type kpi_sentence",
    "kpi_match": "drop type kpi_match",
    "kpi_numbers": "drop function kpi_numbers(text)",
    "kpi_plain": "drop function kpi_plain(text)",
    "kpi_stemmed": "drop function kpi_stemmed(text[])",
    "kpi_is_backchannel": "drop function kpi_is_backchannel(text)",
    "kpi_is_said": "drop function kpi_is_said(text, text, boolean)",
    "kpi_question_kind": "drop function kpi_question_kind(text, text)",
    "kpi_names_rate": "drop function kpi_names_rate(text)",
    "kpi_names_date": "drop function kpi_names_date(text)",
    "kpi_utterances": "drop function kpi_utterances(jsonb)",
    "kpi_sentences": "drop function kpi_sentences(kpi_utterance[])",
    "kpi_cite": "drop function kpi_cite(kpi_sentence)",
    "kpi_cites": "drop function kpi_cites(kpi_sentence[], integer[])",
    "kpi_at": "drop function kpi_at(kpi_sentence[], integer[])",
    "kpi_phrases_of": "drop function kpi_phrases_of(jsonb)",
    "kpi_matches": "drop function kpi_matches(kpi_sentence[], jsonb)",
    "kpi_raised": "drop function kpi_raised(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb)",
    "kpi_flow": "drop function kpi_flow(kpi_utterance[], integer[], boolean)",
    "kpi_default_fillers": "drop function kpi_default_fillers()",
    "kpi_fillers": "drop function kpi_fillers(kpi_utterance[], jsonb)",
    "kpi_speech": "drop function kpi_speech(kpi_utterance[], kpi_sentence[], jsonb, boolean)",
    "kpi_phrases": "drop function kpi_phrases(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb)",
    "kpi_objections": "drop function kpi_objections(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb, integer[], boolean)",
    "kpi_discovery": "drop function kpi_discovery(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb)",
    "compute_kpis": "drop function compute_kpis(jsonb, jsonb)",
    "score_share": "drop function score_share(numeric, jsonb, text)",
    "score_measure": "drop function score_measure(text)",
    "score_value": "drop function score_value(jsonb, text)",
    "score_kpi": "drop function score_kpi(jsonb, jsonb)",
    "score_criterion": "drop function score_criterion(jsonb, jsonb, jsonb)",
    "compute_score": "drop function compute_score(jsonb, jsonb)",
    "score_attempt": "drop function score_attempt(uuid)",
}


class Migration(migrations.Migration):
    """KPIs and score as SQL functions, the single implementation."""

    dependencies = [("calls", "0002_tenancy")]
    operations = [SQLFile("scoring", f"{name}_v01", reverse_sql=drop) for name, drop in OBJECTS.items()]
