import { beforeEach, expect, test } from "vitest";
import "./index";

beforeEach(() => {
  document.body.innerHTML = `
    <filter-list>
      <form>
        <input type="search">
        <input type="radio" name="difficulty" value="" checked><input type="radio" name="difficulty" value="hard">
        <p data-count data-one="scenario" data-many="scenarios"></p>
      </form>
      <ul><li data-item data-difficulty="easy">First-time buyers</li><li data-item data-difficulty="hard">Angry borrower</li></ul>
      <div data-none hidden>Nothing</div>
    </filter-list>`;
});

function find<T extends HTMLElement>(selector: string): T {
  return document.querySelector(selector) as T;
}

function shown(): (string | null)[] {
  return [...document.querySelectorAll<HTMLElement>("[data-item]")]
    .filter((e) => !e.hidden)
    .map((e) => e.textContent);
}

function type(text: string): void {
  find<HTMLInputElement>("input[type=search]").value = text;
  find("form").dispatchEvent(new Event("input", { bubbles: true }));
}

test("everything is shown and counted at first", async () => {
  await Promise.resolve();
  expect(shown()).toHaveLength(2);
  expect(find("[data-count]").textContent).toBe("2 scenarios");
});

test("typing and choosing narrow the list together", () => {
  type("angry");
  expect(shown()).toEqual(["Angry borrower"]);
  expect(find("[data-count]").textContent).toBe("1 scenario");
  find<HTMLInputElement>('input[value="hard"]').checked = true;
  type("buyers");
  expect(shown()).toEqual([]);
  expect(find("[data-none]").hidden).toBe(false);
});
