import { find } from "../../lib/dom";

const PAUSE_MS = 80;

/**
 * A combobox over a listbox (WAI-ARIA): the focus stays in the field, arrows move the choice, Enter takes it.
 * `src` answers `?q=…&part` with the options as HTML.
 */
export class CommandMenu extends HTMLElement {
  #asked: AbortController | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    // On the element itself: what is inside may be attached after it.
    this.addEventListener("input", this.#later);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("click", this.#click);
    this.addEventListener("opened", this.#ask);
    // Opened and typed into before this script was there.
    if (this.closest("dialog")?.open && this.querySelector("input")) void this.#ask();
  }

  get #field(): HTMLInputElement {
    return find<HTMLInputElement>(this, "input");
  }

  get #list(): HTMLElement {
    return find(this, "[role=listbox]");
  }

  get #options(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role=option]")];
  }

  readonly #later = (): void => {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(this.#ask, PAUSE_MS);
  };

  readonly #ask = async (): Promise<void> => {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const words = this.#field.value.trim();
    const said = find(this, "[data-said]");
    try {
      const answer = await fetch(`${this.getAttribute("src")}?part&q=${encodeURIComponent(words)}`, {
        signal: asked.signal,
      });
      if (!answer.ok || answer.redirected) throw new Error(`The search answered ${answer.status}.`);
      this.#list.innerHTML = await answer.text();
      const count = this.#options.length;
      said.textContent =
        count === 0 ? "Nothing answers these words. Try fewer, or the beginning of one." : "";
      this.#choose(0);
    } catch (error) {
      if (asked.signal.aborted) return;
      said.textContent = "The search cannot be reached. What you typed is kept; try again in a moment.";
      console.error(error);
    }
  };

  #choose(index: number): void {
    const options = this.#options;
    const chosen = options.length ? options[(index + options.length) % options.length] : undefined;
    for (const option of options) option.setAttribute("aria-selected", String(option === chosen));
    if (chosen) {
      this.#field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView?.({ block: "nearest" });
    } else this.#field.removeAttribute("aria-activedescendant");
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.target !== this.#field) return; // the button beside it has its own Enter
    const at = this.#options.findIndex(
      (option) => option.ariaSelected === "true" || option.matches("[aria-selected=true]"),
    );
    if (event.key === "ArrowDown") this.#choose(at + 1);
    else if (event.key === "ArrowUp") this.#choose(at - 1);
    else if (event.key === "Home" && event.ctrlKey) this.#choose(0);
    else if (event.key === "End" && event.ctrlKey) this.#choose(-1);
    else if (event.key === "Enter") this.#options[at]?.click();
    else return;
    event.preventDefault();
  };

  readonly #click = (event: Event): void => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (!option) return;
    const { href } = option.dataset;
    this.closest("dialog")?.close(); // a theme is switched by the page's own listener
    if (href) location.assign(href);
  };
}

customElements.define("command-menu", CommandMenu);
