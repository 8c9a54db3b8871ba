import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { catchUp, tell } from "./live";

let heard: string[] = [];

beforeEach(() => {
  heard = [];
  document.body.innerHTML = `
    <p id="mine" data-live="attempt.scored attempt.failed" data-live-id="7"></p>
    <p id="other" data-live="attempt.scored" data-live-id="8"></p>
    <p id="board" data-live="leaderboard.moved"></p>`;
  for (const part of document.querySelectorAll("p")) part.addEventListener("live", () => heard.push(part.id));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a part hears what it names, about its own subject alone", () => {
  tell({ event: "attempt.scored", type: "attempt", id: "7" });
  tell({ event: "leaderboard.moved", type: "org", id: "1" });
  tell({ event: "call.started", type: "attempt", id: "7" });
  expect(heard).toEqual(["mine", "board"]);
});

test("after too much news every part reads itself again", () => {
  tell("reset");
  expect(heard).toEqual(["mine", "other", "board"]);
});

test("a part that may wait reads itself once for much news, and not at once", () => {
  vi.useFakeTimers();
  const board = document.getElementById("board") as HTMLElement;
  board.dataset.liveWithin = "10";
  for (let n = 0; n < 20; n++) tell({ event: "leaderboard.moved", type: "org", id: "1" });
  vi.advanceTimersByTime(4900);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(5200);
  expect(heard).toEqual(["board"]);
  tell({ event: "leaderboard.moved", type: "org", id: "1" });
  vi.advanceTimersByTime(10_000);
  expect(heard).toEqual(["board", "board"]);
});

test("what happened while nobody looked is read again when somebody does, once", () => {
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  tell({ event: "leaderboard.moved", type: "org", id: "1" });
  tell({ event: "leaderboard.moved", type: "org", id: "1" });
  expect(heard).toEqual([]);
  hidden.mockReturnValue(false);
  catchUp();
  catchUp();
  expect(heard).toEqual(["board"]);
});
