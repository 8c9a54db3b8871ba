import { expect, test } from "vitest";
import { meterShare, Proof, troubleOf } from "./microphone";

test("a browser's error becomes what the person can do about it", () => {
  expect(troubleOf(new DOMException("", "NotAllowedError"))).toBe("blocked");
  expect(troubleOf(new DOMException("", "NotFoundError"))).toBe("missing");
  expect(troubleOf(new DOMException("", "NotReadableError"))).toBe("busy");
  expect(troubleOf(undefined)).toBe("unknown");
});

test("the meter is empty in silence, full when shouting, and rises between", () => {
  expect(meterShare(0)).toBe(0);
  expect(meterShare(0.0005)).toBe(0);
  expect(meterShare(1)).toBe(1);
  expect(meterShare(0.05)).toBeGreaterThan(meterShare(0.01));
});

test("a quarter of a second of voice proves the microphone, once", () => {
  const proof = new Proof();
  const said = Array.from({ length: 20 }, () => proof.step(0.05, 33));
  expect(said.filter(Boolean)).toEqual(["heard"]);
  expect(said.indexOf("heard")).toBe(7);
});

test("a click is not a voice, and silence is waited for seven seconds", () => {
  const proof = new Proof();
  expect(proof.step(0.5, 33)).toBeNull();
  const said = Array.from({ length: 300 }, () => proof.step(0.001, 33));
  expect(said.filter(Boolean)).toEqual(["quiet"]);
  expect(Array.from({ length: 10 }, () => proof.step(0.05, 33)).filter(Boolean)).toEqual(["heard"]);
});
