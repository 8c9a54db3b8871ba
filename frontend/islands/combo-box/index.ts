let made = 0;

/**
 * Turns the select inside it into Basecoat's combobox, and keeps the select as what the form sends.
 * The select stays in the page, hidden: its value follows, and it fires `change` as if it had been used itself.
 */
class ComboBox extends HTMLElement {
  connectedCallback(): void {
    const select = this.querySelector("select");
    if (!select || this.querySelector(".combobox")) return;
    made += 1;
    const box = build(select, `combo-${made}`, this.dataset.placeholder ?? "");
    select.hidden = true;
    select.removeAttribute("id");
    this.append(box);
    box.addEventListener("change", (event) => {
      event.stopPropagation();
      const value = box.querySelector<HTMLInputElement>("input[type=hidden]")?.value ?? "";
      if (select.value === value) return;
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function build(select: HTMLSelectElement, id: string, placeholder: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "combobox w-full";
  box.id = id;
  const input = document.createElement("input");
  input.type = "text";
  input.className = "input";
  input.id = select.id;
  input.placeholder = placeholder;
  input.disabled = select.disabled;
  const role = {
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
  };
  for (const [name, value] of Object.entries({
    ...role,
    "aria-controls": `${id}-list`,
    spellcheck: "false",
  })) {
    input.setAttribute(name, value);
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = select.getAttribute(name);
    if (value) input.setAttribute(name, value);
  }
  const list = document.createElement("div");
  list.setAttribute("role", "listbox");
  list.id = `${id}-list`;
  list.setAttribute("aria-label", select.labels?.[0]?.textContent?.trim() ?? "Choices");
  for (const [i, option] of [...select.options].entries()) list.append(choice(option, `${id}-${i}`));
  const popover = document.createElement("div");
  popover.setAttribute("data-popover", "");
  popover.setAttribute("aria-hidden", "true");
  popover.append(list);
  const value = document.createElement("input");
  value.type = "hidden";
  value.value = select.value;
  box.append(input, popover, value);
  return box;
}

function choice(option: HTMLOptionElement, id: string): HTMLElement {
  const line = document.createElement("div");
  line.setAttribute("role", "option");
  line.id = id;
  line.dataset.value = option.value;
  line.textContent = option.text;
  if (option.selected && option.value) line.setAttribute("aria-selected", "true");
  if (option.disabled) line.setAttribute("aria-disabled", "true");
  return line;
}

customElements.define("combo-box", ComboBox);

export {};
