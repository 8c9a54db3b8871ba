import { beforeEach, expect, test } from "vitest";
import { tell } from "./live";

let heard: string[] = [];

beforeEach(() => {
  heard = [];
  document.body.innerHTML = `
    <p id="mine" data-live="attempt.scored attempt.failed" data-live-id="7"></p>
    <p id="other" data-live="attempt.scored" data-live-id="8"></p>
    <p id="board" data-live="leaderboard.moved"></p>`;
  for (const part of document.querySelectorAll("p")) part.addEventListener("live", () => heard.push(part.id));
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
