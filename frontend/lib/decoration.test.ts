import { afterEach, expect, test, vi } from "vitest";
import { decorationLevel } from "./decoration";

function device(parts: object, reduced = ""): void {
  vi.stubGlobal("navigator", parts);
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: reduced !== "" && query.includes(reduced) }));
}

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["nothing to save", {}, "", "full"],
  ["reduced motion", {}, "prefers-reduced-motion", "still"],
  ["data to save", { connection: { saveData: true } }, "", "none"],
  ["a low battery", { getBattery: async () => ({ charging: false, level: 0.1 }) }, "", "none"],
  ["a low battery that charges", { getBattery: async () => ({ charging: true, level: 0.1 }) }, "", "full"],
  ["no word about its battery", { getBattery: async () => Promise.reject(new Error("no")) }, "", "full"],
])("a device with %s gets its share of decoration", async (_, parts, reduced, level) => {
  device(parts, reduced);
  expect(await decorationLevel()).toBe(level);
});
