"""How the talk flowed: every value here is worked out by hand beside the transcript."""

from __future__ import annotations

from typing import Any

import pytest

from parley.scoring.tests.conftest import Kpis, said


def words(count: int) -> str:
    return " ".join(["word"] * count) + "."


def test_talk_ratio_is_rep_speech_of_all_speech_silence_out(kpis: Kpis) -> None:
    # Rep 6 + 3 = 9 s, buyer 11 s, 10 s of silence: 9 / 20 = 0.45.
    found = kpis(said(("r", 0, 6, words(15)), ("b", 10, 21, words(30)), ("r", 27, 30, words(8))))
    assert found["talk_ratio"] == 0.45
    assert found["talk_listen"] == "45:55"
    assert (found["rep_speech_s"], found["buyer_speech_s"], found["duration_s"]) == (9, 11, 30)


def test_overlapping_entries_of_one_speaker_count_once(kpis: Kpis) -> None:
    # 0–6 and 4–8 overlap: the rep spoke for 8 s, not 10; with 8 s of the buyer that is half.
    found = kpis(said(("r", 0, 6, words(15)), ("r", 4, 8, words(10)), ("b", 9, 17, words(20))))
    assert (found["rep_speech_s"], found["talk_ratio"]) == (8, 0.5)


def test_a_buyer_who_was_cut_off_counts_only_what_was_heard(kpis: Kpis) -> None:
    transcript = said(("b", 0, 10, words(25)), ("r", 4, 16, words(30)))
    transcript[0]["heard_until"] = 4.2
    found = kpis(transcript)
    assert found["buyer_speech_s"] == 4.2
    assert found["longest_buyer_story_s"] == 4.2


def test_pace_is_rep_words_over_rep_speech(kpis: Kpis) -> None:
    # 30 words in 12 s are 150 a minute; pauses between the turns do not count.
    found = kpis(said(("r", 0, 6, words(14)), ("b", 8, 20, words(30)), ("r", 21, 27, words(16))))
    assert found["words_per_minute"] == 150
    assert found["rep_words"] == 30


def test_the_longest_monologue_runs_across_back_channels(kpis: Kpis) -> None:
    # 10 s + "Mm-hmm." + 8 s are one monologue of 18 s of speech; the 12 s answer later is shorter.
    found = kpis(
        said(
            ("r", 0, 10, words(25)),
            ("b", 10.2, 10.8, "Mm-hmm."),
            ("r", 11, 19, words(20)),
            ("b", 20, 35, words(40)),
            ("r", 36, 48, words(30)),
        )
    )
    assert found["longest_monologue_s"] == 18
    assert found["longest_buyer_story_s"] == 15
    assert found["evidence"]["longest_monologue_s"][0]["i"] == 0


def test_a_short_yes_after_a_question_is_an_answer(kpis: Kpis) -> None:
    # "Yes." answers, so it takes a turn: two monologues of 10 and 8 s.
    found = kpis(said(("r", 0, 10, "Are you buying this year?"), ("b", 10.5, 11, "Yes."), ("r", 11.5, 19.5, words(20))))
    assert found["longest_monologue_s"] == 10


@pytest.mark.parametrize(
    ("rep_starts", "rep_ends", "count"),
    [
        (9.6, 14.0, 1),  # 0.4 s before the buyer's end, and keeps talking
        (9.8, 14.0, 0),  # 0.2 s is within the turn gap that people leave
        (5.0, 6.0, 0),  # talked into the buyer's words, but the buyer kept the floor
        (10.4, 14.0, 0),  # after the end
    ],
)
def test_interruptions_need_an_early_start_and_the_floor(
    kpis: Kpis, rep_starts: float, rep_ends: float, count: int
) -> None:
    found = kpis(said(("b", 0, 10, words(25)), ("r", rep_starts, rep_ends, "Let me stop you right there.")))
    assert found["interruptions_by_rep"] == count
    assert len(found["evidence"]["interruptions_by_rep"]) == count


def test_a_back_channel_is_no_interruption(kpis: Kpis) -> None:
    found = kpis(said(("b", 0, 10, words(25)), ("r", 9, 10.2, "I see."), ("b", 10.5, 15, words(12))))
    assert found["interruptions_by_rep"] == 0


def test_a_back_channel_that_outlasts_the_buyer_interrupts_nobody_either(kpis: Kpis) -> None:
    found = kpis(said(("b", 0, 10, words(25)), ("r", 9, 10.2, "I see."), ("r", 11, 15, words(12))))
    assert found["interruptions_by_rep"] == 0


def test_who_stops_the_buyer_interrupted_though_the_buyer_fell_silent_at_once(kpis: Kpis) -> None:
    # The buyer would have spoken until 10 s and was heard until 4.2 s: the rep took 5.8 s of it.
    transcript = said(("b", 0, 10, words(25)), ("r", 4, 9, "Hold on, hold on, I know all that."))
    transcript[0]["heard_until"] = 4.2
    assert kpis(transcript)["interruptions_by_rep"] == 1


def test_interruptions_by_the_buyer_are_counted_apart(kpis: Kpis) -> None:
    found = kpis(said(("r", 0, 10, words(25)), ("b", 9, 13, "No, that is not what I asked you.")))
    assert (found["interruptions_by_rep"], found["interruptions_by_buyer"]) == (0, 1)


def test_patience_is_the_median_gap_before_the_rep_answers(kpis: Kpis) -> None:
    # Gaps 0.4, 1.0 and 3.0 s: the median is 1.0.
    found = kpis(
        said(
            ("b", 0, 4, words(8)),
            ("r", 4.4, 8, words(9)),
            ("b", 9, 12, words(8)),
            ("r", 13, 16, words(8)),
            ("b", 17, 20, words(8)),
            ("r", 23, 26, words(8)),
        )
    )
    assert found["patience_s"] == 1.0


def test_pace_jump_compares_turns_after_objections_with_the_others(kpis: Kpis) -> None:
    # After the objection 15 words in 5 s (180 a minute), else 25 in 10 s (150): a jump of 30.
    rubric = {"objections": [{"tag": "price", "label": "price", "heard": ["too expensive"], "answer": [["value"]]}]}
    found = kpis(
        said(
            ("r", 0, 10, words(25)),
            ("b", 11, 13, "That is too expensive for me.", "objection:price"),
            ("r", 14, 19, words(15)),
        ),
        rubric,
    )
    assert found["pace_jump_wpm"] == 30


def test_interactivity_counts_changes_of_speaker_per_minute_of_speech(kpis: Kpis) -> None:
    # Three changes in 30 s of speech are six a minute; the silence of 20 s does not thin it out.
    found = kpis(
        said(("r", 0, 10, words(20)), ("b", 20, 25, words(9)), ("r", 30, 40, words(20)), ("b", 45, 50, words(9)))
    )
    assert found["interactivity_per_minute"] == 6


def test_the_buyers_own_delay_changes_no_kpi(kpis: Kpis) -> None:
    """The AI's thinking time is not the rep's: a call replayed with later answers of the buyer gives the same KPIs."""

    def replay(delay: float) -> dict[str, Any]:
        clock, turns = 0.0, []
        for n in range(6):
            turns.append(("r", clock, clock + 5, f"What about point {n}? " + words(10)))
            clock += 5 + delay
            turns.append(("b", clock, clock + 4, words(9)))
            clock += 4 + 0.7
        found = kpis(said(*turns))
        for name in ("duration_s", "evidence"):
            found.pop(name)
        return found

    assert replay(0.3) == replay(1.5) == replay(4.0)


def test_too_little_speech_is_null_and_never_zero(kpis: Kpis) -> None:
    found = kpis(said(("r", 0, 2, "Hello there."), ("b", 3, 4, "Hi.")))
    for name in (
        "talk_ratio", "talk_listen", "words_per_minute", "fillers_per_minute", "patience_s", "pace_jump_wpm",
        "interactivity_per_minute", "open_question_share", "sentiment_rep", "sentiment_buyer",
    ):  # fmt: skip
        assert found[name] is None, name


def test_typed_practice_has_no_pace_patience_interruptions_or_fillers(kpis: Kpis) -> None:
    found = kpis(
        said(("r", 0, 20, words(50)), ("b", 20, 40, words(50)), ("r", 40, 60, "Um, " + words(50)), source="typed")
    )
    for name in ("words_per_minute", "patience_s", "interruptions_by_rep", "filler_count", "fillers_per_minute"):
        assert found[name] is None, name
    assert found["talk_ratio"] is not None


def test_an_empty_call_is_defined(kpis: Kpis) -> None:
    found = kpis([])
    assert found["duration_s"] == 0
    assert found["talk_ratio"] is None
    assert found["question_count"] == 0
    assert found["longest_monologue_s"] is None
