import { describe, expect, test } from "vitest";
import { isPast, lineAt, playFromS, type Span } from "./sync";

const lines: Span[] = [
  { startMs: 1000, endMs: 4000 },
  { startMs: 3500, endMs: 3800 }, // a short interruption inside the first line
  { startMs: 5000, endMs: 7000 },
  { startMs: 12000, endMs: 13000 },
];

describe("the line being spoken", () => {
  test("before anybody speaks there is none", () => {
    expect(lineAt(lines, 500)).toBe(-1);
    expect(lineAt([], 500)).toBe(-1);
  });

  test("it is lit from its start to its end", () => {
    expect(lineAt(lines, 1000)).toBe(0);
    expect(lineAt(lines, 6999)).toBe(2);
  });

  test("whoever takes the floor is lit, and then the one who goes on", () => {
    expect(lineAt(lines, 3600)).toBe(1);
    expect(lineAt(lines, 3900)).toBe(0);
  });

  test("in a short pause the line stays, in a long one nothing is lit", () => {
    expect(lineAt(lines, 4500)).toBe(0);
    expect(lineAt(lines, 7500)).toBe(2);
    expect(lineAt(lines, 10000)).toBe(-1);
  });
});

test("a line starts with a breath, but never before the recording", () => {
  expect(playFromS({ startMs: 5000, endMs: 7000 })).toBe(4.85);
  expect(playFromS({ startMs: 100, endMs: 900 })).toBe(0);
});

test("a piece of evidence ends shortly after its last word", () => {
  const span = { startMs: 5000, endMs: 7000 };
  expect(isPast(span, 7.1)).toBe(false);
  expect(isPast(span, 7.25)).toBe(true);
  expect(isPast(null, 99)).toBe(false);
});
