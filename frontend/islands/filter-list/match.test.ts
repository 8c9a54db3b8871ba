import { expect, test } from "vitest";
import { matches } from "./match";

const item = { text: "Inbound rate shopper\n Marcus Bell, José's friend", data: { difficulty: "easy" } };

test("it finds every word in any order, whatever the accents", () => {
  expect(matches(item, { text: "jose RATE", choices: {} })).toBe(true);
  expect(matches(item, { text: "rate refinance", choices: {} })).toBe(false);
});

test("a choice must hold as well", () => {
  expect(matches(item, { text: "", choices: { difficulty: "easy" } })).toBe(true);
  expect(matches(item, { text: "rate", choices: { difficulty: "hard" } })).toBe(false);
});
