import { beforeEach, expect, test, vi } from "vitest";

const HITS = `<div role="option" id="a" data-href="/a/">A</div><div role="option" id="b" data-href="/b/">B</div>`;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return { ok: true, redirected: false, text: async () => (url.includes("nothing") ? "" : HITS) };
  });
  await import("./index");
  document.body.innerHTML = `<dialog><command-menu src="/search/"><input role="combobox">
    <div role="listbox"></div><p data-said></p></command-menu></dialog>`;
});

const field = (): HTMLInputElement => document.querySelector("input") as HTMLInputElement;
const press = (key: string): boolean =>
  field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const chosen = (): string | null => field().getAttribute("aria-activedescendant");

async function ask(words: string): Promise<void> {
  field().value = words;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  await new Promise((done) => setTimeout(done));
}

test("the first answer is chosen and arrows go around", async () => {
  await ask("rate shopper");
  expect(asked).toEqual(["/search/?part&q=rate%20shopper"]);
  expect(chosen()).toBe("a");
  press("ArrowDown");
  expect(chosen()).toBe("b");
  press("ArrowDown");
  expect(chosen()).toBe("a");
  press("ArrowUp");
  expect(chosen()).toBe("b");
  expect(document.getElementById("b")?.getAttribute("aria-selected")).toBe("true");
});

test("no answer is said and nothing is chosen", async () => {
  await ask("nothing");
  expect(document.querySelector("[data-said]")?.textContent).toContain("Nothing answers");
  expect(chosen()).toBeNull();
});
