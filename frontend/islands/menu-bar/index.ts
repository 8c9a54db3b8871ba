import { menuItems, moveInMenu, step } from "../../lib/menu";

/** Menus side by side by the menubar pattern: left and right between them, down into one, Escape back to its button. */
class MenuBar extends HTMLElement {
  connectedCallback(): void {
    const buttons = this.#buttons();
    for (const [i, button] of buttons.entries()) button.tabIndex = i === 0 ? 0 : -1;
    this.addEventListener("keydown", this.#key);
    this.addEventListener("toggle", this.#toggled, true);
  }

  disconnectedCallback(): void {
    this.removeEventListener("keydown", this.#key);
    this.removeEventListener("toggle", this.#toggled, true);
  }

  #buttons(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(":scope > [role=menuitem]")];
  }

  #menu(button: HTMLElement | undefined): HTMLElement | null {
    return document.getElementById(button?.getAttribute("aria-controls") ?? "");
  }

  readonly #toggled = (event: Event): void => {
    const menu = event.target as HTMLElement;
    const open = (event as ToggleEvent).newState === "open";
    const button = this.#buttons().find((one) => this.#menu(one) === menu);
    button?.setAttribute("aria-expanded", String(open));
    if (open) menuItems(menu)[0]?.focus();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const buttons = this.#buttons();
    const at = document.activeElement as HTMLElement;
    const menu = at.closest<HTMLElement>('[role="menu"]');
    const here = buttons.findIndex((one) => one === at || (menu !== null && this.#menu(one) === menu));
    const rightToLeft = getComputedStyle(this).direction === "rtl";
    const sideways = rightToLeft
      ? (["ArrowRight", "ArrowLeft"] as const)
      : (["ArrowLeft", "ArrowRight"] as const);
    const next =
      menu && /^(Home|End)$/.test(event.key) ? null : step(event.key, here, buttons.length, ...sideways);
    if (next !== null) {
      event.preventDefault();
      this.#go(buttons, next, menu);
    } else if (menu) {
      if (moveInMenu(menu, event.key)) event.preventDefault();
      if (event.key === "Escape") buttons[here]?.focus();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#menu(buttons[here])?.showPopover();
    }
  };

  #go(buttons: HTMLElement[], next: number, open: HTMLElement | null): void {
    for (const [i, button] of buttons.entries()) button.tabIndex = i === next ? 0 : -1;
    open?.hidePopover();
    buttons[next]?.focus();
    if (open) this.#menu(buttons[next])?.showPopover();
  }
}

customElements.define("menu-bar", MenuBar);
