import { beforeEach, expect, test } from "vitest";
import { reason, watchParts, watchSending } from "./parts";

let toasts: { title: string; description: string }[] = [];
watchParts();
watchSending();
document.addEventListener("basecoat:toast", (event) => toasts.push((event as CustomEvent).detail.config));

beforeEach(() => {
  toasts = [];
  document.body.innerHTML = `<div id="lazy"><i class="skeleton"></i></div><button id="act"></button>
    <form id="form" method="post"><button id="send"></button></form>`;
});

function fail(id: string, status: number, by: Partial<Event>): void {
  const sourceElement = document.getElementById(id);
  const ctx = { sourceElement, sourceEvent: by, response: { status } };
  sourceElement?.dispatchEvent(new CustomEvent("htmx:response:error", { bubbles: true, detail: { ctx } }));
}

test("what somebody did and did not work is said with the reason", () => {
  fail("act", 404, { isTrusted: true });
  expect(toasts).toMatchObject([{ title: "That did not work", description: reason(404) }]);
});

test("what a page does by itself stays silent", () => {
  fail("act", 500, { isTrusted: false });
  expect(toasts).toEqual([]);
});

test("a part that did not load says so and can be asked again", () => {
  fail("lazy", 500, { isTrusted: false });
  const lazy = document.getElementById("lazy") as HTMLElement;
  expect(lazy.querySelector("[role=alert]")?.textContent).toContain(reason(500));
  let asked = 0;
  lazy.addEventListener("again", () => asked++);
  lazy.querySelector("button")?.click();
  expect(asked).toBe(1);
});

test("a form is sent once", () => {
  const form = document.getElementById("form") as HTMLFormElement;
  const send = (): boolean => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  expect(send()).toBe(true);
  expect(send()).toBe(false);
  dispatchEvent(new Event("pageshow"));
  expect(send()).toBe(true);
});
