/** Buttons for a row of cards that scrolls and snaps by itself; without this script it still scrolls. */
class SnapCarousel extends HTMLElement {
  #seen: IntersectionObserver | null = null;
  #at = 0;

  connectedCallback(): void {
    const list = this.querySelector("ul");
    const controls = this.querySelector<HTMLElement>(".carousel-controls");
    if (!list || !controls) return;
    const items = [...list.children] as HTMLElement[];
    controls.hidden = false;
    controls.addEventListener("click", (event) => {
      const way = Number((event.target as Element).closest<HTMLElement>("[data-step]")?.dataset.step ?? 0);
      if (way) this.#go(list, items, this.#at + way);
    });
    const shown = new Set<Element>();
    this.#seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) shown[entry.isIntersecting ? "add" : "delete"](entry.target);
        const first = items.findIndex((item) => shown.has(item));
        if (first >= 0) this.#say(controls, items, first, shown);
      },
      { root: list, threshold: 0.9 },
    );
    for (const item of items) this.#seen.observe(item);
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect();
  }

  #go(list: Element, items: HTMLElement[], to: number): void {
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!item) return;
    const edge = getComputedStyle(this).direction === "rtl" ? "right" : "left";
    const left = item.getBoundingClientRect()[edge] - list.getBoundingClientRect()[edge];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollBy({ left, behavior: still ? "instant" : "smooth" });
  }

  #say(controls: HTMLElement, items: HTMLElement[], first: number, shown: Set<Element>): void {
    this.#at = first;
    const words = controls.querySelector("[aria-live]");
    if (words) words.textContent = `${first + 1} of ${items.length}`;
    const last = items.at(-1);
    for (const button of controls.querySelectorAll<HTMLElement>("[data-step]")) {
      const end = Number(button.dataset.step) < 0 ? first === 0 : last !== undefined && shown.has(last);
      button.setAttribute("aria-disabled", String(end));
    }
  }
}

customElements.define("snap-carousel", SnapCarousel);

export {};
