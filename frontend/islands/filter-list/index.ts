import { matches, type Wish } from "./match";

/**
 * Filters the `[data-item]` children that the server rendered.
 * Controls inside it: an `input[type=search]` and radio buttons whose `name` is a data attribute of the items.
 */
class FilterList extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("input", this.#apply);
    this.addEventListener("reset", this.#later);
    queueMicrotask(this.#apply); // what is inside may be attached after the element itself
  }

  disconnectedCallback(): void {
    this.removeEventListener("input", this.#apply);
    this.removeEventListener("reset", this.#later);
  }

  readonly #later = (): void => {
    setTimeout(this.#apply);
  };

  readonly #apply = (): void => {
    const wish: Wish = {
      text: this.querySelector<HTMLInputElement>("input[type=search]")?.value ?? "",
      choices: {},
    };
    for (const radio of this.querySelectorAll<HTMLInputElement>("input[type=radio]:checked")) {
      if (radio.value) wish.choices[radio.name] = radio.value;
    }
    let shown = 0;
    for (const item of this.querySelectorAll<HTMLElement>("[data-item]")) {
      const fits = matches({ text: item.textContent ?? "", data: { ...item.dataset } }, wish);
      item.hidden = !fits;
      if (fits) shown += 1;
    }
    const none = this.querySelector<HTMLElement>("[data-none]");
    if (none) none.hidden = shown > 0;
    const count = this.querySelector<HTMLElement>("[data-count]");
    if (count) count.textContent = `${shown} ${shown === 1 ? count.dataset.one : count.dataset.many}`;
  };
}

customElements.define("filter-list", FilterList);
