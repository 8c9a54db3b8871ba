"""Fillers, questions and tone, counted by hand."""

from __future__ import annotations

import pytest

from parley.scoring.tests.conftest import Kpis, call_sql, said


@pytest.mark.parametrize(
    ("text", "count", "weighted"),
    [
        ("Um, hi there, uh, this is Dana.", 2, 2.0),
        ("Umm hi. Uhm, yes. Er, maybe. Erm, no.", 4, 4.0),
        ("It is, like, a good rate.", 1, 0.5),  # between commas
        ("I like this house, and I would like to see it.", 0, 0.0),  # a verb
        ("It looks like a good fit, like, really.", 1, 0.5),
        ("Is that what you like, or not? Things you would like.", 0, 0.0),  # a stop after it alone makes no filler
        ("Like, I am not sure.", 1, 0.5),  # the beginning is a stop
        ("You know, it is fine.", 1, 0.5),
        ("Do you know the rate? You know what a point is.", 0, 0.0),
        ("I mean, we could. What I mean is a lock.", 1, 0.5),
        ("It is kind of high, but what kind of loan is it?", 1, 0.5),
        ("The umbrella policy and the error were sort of sorted.", 1, 0.5),
        ("Plain words without any.", 0, 0.0),
    ],
)
def test_fillers_are_counted_by_weight(db: None, text: str, count: int, weighted: float) -> None:
    utterances = f"kpi_utterances('{_json(said(('r', 0, 10, text)))}'::jsonb)"
    found = _sql(f"select kpi_fillers({utterances}, kpi_default_fillers())")
    assert (found["count"], found["weighted"]) == (count, weighted)


def test_like_counts_before_a_pause_in_the_audio(db: None) -> None:
    transcript = said(("r", 0, 4, "it was like the best"))
    transcript[0]["words"] = [
        {"w": "it", "start": 0.0, "end": 0.2},
        {"w": "was", "start": 0.2, "end": 0.5},
        {"w": "like", "start": 0.5, "end": 0.8},
        {"w": "the", "start": 1.2, "end": 1.4},  # 0.4 s of silence before it
        {"w": "best", "start": 1.4, "end": 1.8},
    ]
    assert (
        _sql(f"select kpi_fillers(kpi_utterances('{_json(transcript)}'::jsonb), kpi_default_fillers())")["count"] == 1
    )


def test_the_longest_filler_phrase_counts_once(db: None) -> None:
    fillers = '[{"say": "you know what i mean"}, {"say": "you know"}, {"say": "i mean"}]'
    transcript = _json(said(("r", 0, 9, "It is fair, you know what I mean, and you know it.")))
    assert _sql(f"select kpi_fillers(kpi_utterances('{transcript}'::jsonb), '{fillers}')")["count"] == 2


def test_fillers_per_minute_are_weighted_over_rep_speech(kpis: Kpis) -> None:
    # um (1) + like (0.5) in 30 s of speech: 3 per minute.
    found = kpis(
        said(("r", 0, 20, "Um, this is, like, a long turn."), ("b", 21, 25, "Um, yes."), ("r", 26, 36, "Fine."))
    )
    assert found["filler_count"] == 2
    assert found["fillers_per_minute"] == 3
    assert [e["i"] for e in found["evidence"]["fillers_per_minute"]] == [0]


def test_a_rubric_may_bring_its_own_fillers(kpis: Kpis) -> None:
    found = kpis(said(("r", 0, 20, "Um, honestly, honestly.")), {"fillers": [{"say": "honestly", "weight": 2}]})
    assert (found["filler_count"], found["fillers_per_minute"]) == (2, 12)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("What matters most to you?", "open"),
        ("so what brings you in today", "open"),
        ("Okay, great, and why is that important to you", "open"),
        ("Tell me about your situation.", "open"),
        ("Could you walk me through the last time?", "open"),
        ("Help me understand what happened.", "open"),
        ("You said the lender changed it, what happened", "open"),
        ("How long do you plan to stay?", "closed"),
        ("how much are you putting down", "closed"),
        ("What is your credit score?", "closed"),
        ("Are you under contract", "closed"),
        ("Who else decides?", "closed"),
        ("You are closing next month?", "closed"),
        ("Would Thursday at ten work", "closed"),
        ("How are you today?", "closed"),
        ("What I can do is send you an estimate.", None),
        ("How this works is simple.", None),
        ("When you lock, the rate stays.", None),
        ("Let me tell you about our programs.", None),
        ("We can do that for you.", None),
        ("Right?", None),
        ("If you want, we could start.", None),
    ],
)
def test_questions_are_found_without_their_marks(db: None, sentence: str, kind: str | None) -> None:
    assert call_sql("kpi_question_kind", sentence, call_sql("kpi_plain", sentence)) == kind


def test_questions_of_the_rep_are_counted_and_their_open_share(kpis: Kpis) -> None:
    # Two closed, one open by the rep; the buyer's question is not the rep's.
    found = kpis(
        said(
            ("r", 0, 9, "Hi. Are you under contract? When do you close?"),
            ("b", 10, 14, "In a month. What is your rate?"),
            ("r", 15, 19, "what worries you about this purchase"),
        )
    )
    assert (found["question_count"], found["open_question_count"], found["open_question_share"]) == (3, 1, 0.333)
    assert [e["quote"] for e in found["evidence"]["open_question_count"]] == ["what worries you about this purchase"]


def test_a_follow_up_takes_up_the_buyers_word(kpis: Kpis) -> None:
    found = kpis(
        said(
            ("b", 0, 5, "The appraisal came in low last time."),
            ("r", 6, 9, "What did the appraisal do to your plans?"),
            ("b", 10, 12, "It killed them."),
            ("r", 13, 15, "When do you close?"),
        )
    )
    assert found["follow_up_count"] == 1


def test_tone_is_the_mean_sentiment_by_length(kpis: Kpis) -> None:
    # Ten letters at 0.5 and thirty at -0.1: (5 - 3) / 40 = 0.05.
    transcript = said(("r", 0, 5, "a" * 10), ("r", 6, 9, "b" * 30), ("b", 10, 11, "fine"))
    transcript[0]["sentiment"], transcript[1]["sentiment"] = 0.5, -0.1
    found = kpis(transcript)
    assert (found["sentiment_rep"], found["sentiment_buyer"]) == (0.05, None)


@pytest.mark.parametrize(
    ("said_so", "plain"),
    [
        ("I can't guarantee it's six and a quarter percent.", "i can not guarantee it is 6.25 percent |"),
        ("My N.M.L.S. number is 12,345", "my nmls number is 12345"),
        ("three hundred forty thousand dollars", "340000 dollars"),
        ("seven sixty-two", "762"),
        ("six and three eighths", "6.375"),
        ("A P R of six point five", "apr of 6.5"),
        ("eleven thousand two hundred fifty a month", "11250 a month"),
        ("6.375% with a 6.52% APR", "6.375 percent with a 6.52 percent apr"),
        ("one line\nand two more", "1 line\nand 2 more"),
    ],
)
def test_words_have_one_spelling(db: None, said_so: str, plain: str) -> None:
    assert call_sql("kpi_plain", said_so) == plain


def _json(value: object) -> str:
    import json

    return json.dumps(value).replace("'", "''")


def _sql(query: str) -> dict[str, float]:
    import json

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    assert row is not None
    return json.loads(row[0]) if isinstance(row[0], str) else row[0]  # type: ignore[no-any-return]
