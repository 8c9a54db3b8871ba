import { expect, test } from "vitest";
import "./index";

function parsed(markup: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

function bar(): HTMLElement {
  document.body.replaceChildren(
    parsed(`<resize-panels data-share="50"><div>A</div>
    <div role="separator" tabindex="0" aria-valuenow="50"></div><div>B</div></resize-panels>`),
  );
  return document.querySelector('[role="separator"]') as HTMLElement;
}

test.each([
  [["ArrowRight"], "55"],
  [["ArrowLeft", "ArrowLeft"], "40"],
  [["End", "ArrowRight"], "80"],
  [["Home", "ArrowLeft"], "20"],
])("%s moves the bar to %s percent, never past its ends", (keys, share) => {
  const one = bar();
  for (const key of keys) one.dispatchEvent(new KeyboardEvent("keydown", { key }));
  expect(one.getAttribute("aria-valuenow")).toBe(share);
});
