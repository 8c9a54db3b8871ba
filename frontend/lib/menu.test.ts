import { expect, test } from "vitest";
import { moveInMenu, step } from "./menu";

test.each([
  ["ArrowDown", 2, 0],
  ["ArrowUp", 0, 2],
  ["ArrowUp", -1, 2],
  ["Home", 2, 0],
  ["End", 0, 2],
  ["x", 1, null],
])("%s from %s leads to %s of three", (key, here, there) => {
  expect(step(key, here, 3)).toBe(there);
});

test("a letter leads to the next item that begins with it, and a disabled one is passed over", () => {
  document.body.innerHTML = `<div role="menu"><button role="menuitem">Assign</button>
    <button role="menuitem" aria-disabled="true">Rename</button><button role="menuitem">Remove</button></div>`;
  const menu = document.querySelector("[role=menu]") as HTMLElement;
  expect(moveInMenu(menu, "r")).toBe(true);
  expect(document.activeElement?.textContent).toBe("Remove");
  expect(moveInMenu(menu, "z")).toBe(false);
});
