const LEAST = 20;
const MOST = 80;
const STEP = 5;

/** Two panels and a bar between them, by the window splitter pattern: arrows move it, Home and End go to its ends. */
class ResizePanels extends HTMLElement {
  connectedCallback(): void {
    const bar = this.querySelector<HTMLElement>('[role="separator"]');
    if (!bar) return;
    this.#set(bar, Number(this.dataset.share ?? 50));
    bar.addEventListener("keydown", (event) => this.#key(bar, event));
    bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
    bar.addEventListener("pointermove", (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      const box = this.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width) * 100;
      this.#set(bar, this.#rightToLeft() ? 100 - share : share);
    });
  }

  #rightToLeft(): boolean {
    return getComputedStyle(this).direction === "rtl";
  }

  #key(bar: HTMLElement, event: KeyboardEvent): void {
    const now = Number(bar.getAttribute("aria-valuenow"));
    const way = this.#rightToLeft() ? -STEP : STEP;
    const wish = { ArrowLeft: now - way, ArrowRight: now + way, Home: LEAST, End: MOST }[event.key];
    if (wish === undefined) return;
    event.preventDefault();
    this.#set(bar, wish);
  }

  #set(bar: HTMLElement, share: number): void {
    const within = Math.round(Math.min(MOST, Math.max(LEAST, share)));
    this.style.setProperty("--first", `${within}%`);
    bar.setAttribute("aria-valuenow", String(within));
    bar.setAttribute("aria-valuetext", `${within} percent`);
  }
}

customElements.define("resize-panels", ResizePanels);

export {};
