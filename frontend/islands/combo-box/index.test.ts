import { expect, test } from "vitest";
import "./index";

function parsed(markup: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

test("a select becomes a combobox that names, offers and chooses the same", () => {
  document.body.replaceChildren(
    parsed(`<form><label for="rep">Rep</label><combo-box data-placeholder="Type to find">
    <select id="rep" name="rep"><option value="a">Ana</option><option value="b" selected>Ben</option></select></combo-box></form>`),
  );
  const input = document.querySelector<HTMLInputElement>("[role=combobox]");
  expect(input?.id).toBe("rep");
  expect([...document.querySelectorAll("[role=option]")].map((one) => one.textContent)).toEqual([
    "Ana",
    "Ben",
  ]);
  expect(document.querySelector("[aria-selected=true]")?.textContent).toBe("Ben");

  const select = document.querySelector("select") as HTMLSelectElement;
  let heard = 0;
  document.querySelector("form")?.addEventListener("change", () => {
    heard += 1;
  });
  const hidden = document.querySelector<HTMLInputElement>("input[type=hidden]") as HTMLInputElement;
  hidden.value = "a";
  document.querySelector(".combobox")?.dispatchEvent(new Event("change", { bubbles: true }));
  expect(select.value).toBe("a");
  expect(heard).toBe(1);
  expect(new FormData(document.querySelector("form") as HTMLFormElement).get("rep")).toBe("a");
});
