import { expect, test } from "vitest";
import { type Caption, withCaption } from "./captions";
import { endWords, readMessage } from "./messages";

const hello: Caption = { i: 0, speaker: "buyer", text: "Hello?", final: true };
const hi: Caption = { i: 1, speaker: "rep", text: "Hi, this", final: false };

test("a growing caption replaces itself", () => {
  const longer = { ...hi, text: "Hi, this is Dana.", final: true };
  expect(withCaption([hello, hi], longer)).toEqual([hello, longer]);
});

test("a late caption takes its place", () => {
  const late: Caption = { i: 1, speaker: "rep", text: "Hi.", final: true };
  const answer: Caption = { i: 2, speaker: "buyer", text: "Who is this?", final: true };
  expect(withCaption([hello, answer], late).map((c) => c.i)).toEqual([0, 1, 2]);
});

test("a line of which nothing was heard goes away", () => {
  expect(withCaption([hello, hi], { ...hi, text: " " })).toEqual([hello]);
});

test("messages of the server are read by their names", () => {
  expect(readMessage({ type: "talk", rep_s: 4, buyer_s: 6.5, talk_ratio: 0.38 })).toEqual({
    type: "talk",
    repS: 4,
    buyerS: 6.5,
  });
  expect(readMessage({ type: "caption", i: 3, speaker: "rep", text: "Hi", final: false })).toEqual({
    type: "caption",
    i: 3,
    speaker: "rep",
    text: "Hi",
    final: false,
  });
  expect(readMessage({ type: "status", state: "dancing" })).toBeNull();
  expect(readMessage("ended")).toBeNull();
});

test("every end has words, an unknown one too", () => {
  expect(endWords("goal")).toContain("goal");
  expect(endWords("lightning")).toBe("The call is over.");
});
