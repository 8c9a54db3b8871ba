"""Agreement of judge and people equals published figures, bad rows are named, and overrides can be used."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from parley.core.tenancy import acting_as
from parley.scoring.calibration.agreement import agreement, pearson, quadratic_weighted_kappa
from parley.scoring.calibration.ratings import BadFile, Rating, override_ratings, read_ratings
from parley.scoring.tests.test_corrections import decide, official
from parley.scoring.tests.test_scoring_an_attempt import browser
from tests.support.cast import Cast

CSV = "criterion,judge,human,attempt\nimplication-taken,3,3,a\nimplication-taken,1,2,b\npayoff-said,4,2,c\n"
# Anscombe (1973), "Graphs in Statistical Analysis", first set: r = 0.816.
ANSCOMBE = (
    [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
    [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
)


# The cases and results that ml_metrics (Hamner) and SKLL publish in their own tests.
@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ([1, 2, 3], [1, 2, 3], 1.0),
        ([1, 2, 1], [1, 2, 2], 0.4),
        ([1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2], 0.75),
        ([1, 2, 3, 3, 2, 1], [1, 1, 1, 2, 2, 2], 0.0),
        ([-1, 0, 1, 2], [-1, 0, 0, 2], 0.9),
        ([1, 1, 2, 2], [3, 3, 4, 4], 1 / 9),
        ([1, 1, 3, 3], [2, 2, 4, 4], 2 / 3),
        ([1, 1, 4, 4], [2, 2, 3, 3], 0.6),
        ([1, 2, 4], [1, 2, 2], 0.4),
    ],
)
def test_kappa_is_that_of_published_examples(first: list[int], second: list[int], kappa: float) -> None:
    assert quadratic_weighted_kappa(first, second) == pytest.approx(kappa)
    assert quadratic_weighted_kappa(second, first) == pytest.approx(kappa)


def test_pearson_is_that_of_a_published_example() -> None:
    assert pearson(*ANSCOMBE) == pytest.approx(0.816, abs=0.0005)


def test_what_is_undefined_is_said_to_be() -> None:
    same = agreement([2, 2, 2], [2, 2, 2])
    assert (same.kappa, same.pearson, same.within_one) == (None, None, 1.0)
    none = agreement([], [])
    assert (none.n, none.kappa, none.within_one, none.pearson) == (0, None, None, None)


def test_bad_rows_are_named_with_their_line() -> None:
    ratings, problems = read_ratings(f"{CSV},1,1\npayoff-said,5,1\npayoff-said,three,1\n\n".splitlines(keepends=True))
    assert len(ratings) == 3
    assert problems == [
        "Line 5: criterion is empty; name the criterion.",
        "Line 6: judge is '5'; use a number from 0 to 4.",
        "Line 7: judge is 'three'; use a number from 0 to 4.",
    ]


@pytest.mark.parametrize("text", ["\ufeffCriterion;Judge;Human\nx;2,5;3\n", "criterion\tjudge\thuman\nx\t2.5\t3"])
def test_it_reads_what_spreadsheets_write(text: str) -> None:
    assert read_ratings(text.splitlines(keepends=True)) == ([Rating("x", 2.5, 3.0)], [])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no column criterion"),
        ("criterion,judge,human\nx,9,9\n", "Line 2: judge is '9'"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_ratings(text.splitlines(keepends=True))


def test_the_command_compares_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parley.commands import calibrate

    monkeypatch.setattr(calibrate, "local_django", lambda data: nullcontext())
    run, file = CliRunner().invoke, tmp_path / "ratings.csv"
    file.write_text(CSV)
    found = json.loads(run(calibrate.app, [str(file), "--json"]).stdout)
    assert (found["n"], found["within_one"]) == (3, 0.667)
    assert set(found["criteria"]) == {"implication-taken", "payoff-said"}
    assert "3 pairs are too few" in run(calibrate.app, [str(file)]).stdout
    missing = run(calibrate.app, [str(tmp_path / "no.csv")])
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    neither = run(calibrate.app, [])
    assert (neither.exit_code, "--overrides" in neither.stderr) == (2, True)


def test_managers_overrides_are_compared_and_the_page_shows_them(cast: Cast) -> None:
    decide(decide(official(cast), cast.ana, share=0.25), cast.ana, share=0.5)
    with acting_as(cast.omar.member):
        assert override_ratings() == [], "the default scorecard has no judge"
        assert override_ratings(judged_only=False) == [Rating("depth", 3.0, 2.0)]
    admin = browser(cast.omar)
    assert "1 pair: too few to go by" in admin.get("/calibration/").content.decode()
    answer = admin.post("/calibration/", {"file": SimpleUploadedFile("r.csv", CSV.encode())})
    assert "Your file" in answer.content.decode()
    bad = admin.post("/calibration/", {"file": SimpleUploadedFile("r.csv", b"\xff\xfe\x00")})
    assert (bad.status_code, "not UTF-8" in bad.content.decode()) == (422, True)
    for person in (cast.ana, cast.ben, cast.hana):
        assert browser(person).get("/calibration/").status_code == 403
