/**
 * Feedback as it is written. `src` is a stream of server-sent events: each `part` is the HTML so far, `done` is the end.
 * A connection that breaks is opened again by the browser and begins with what is there; without one the page stays as it is.
 */
export class FeedbackStream extends HTMLElement {
  #source: EventSource | null = null;

  connectedCallback(): void {
    const src = this.getAttribute("src");
    if (!src || this.#source) return;
    this.#source = new EventSource(src);
    this.#source.addEventListener("part", (event) => this.#show((event as MessageEvent<string>).data));
    this.#source.addEventListener("done", () => this.#stop());
  }

  disconnectedCallback(): void {
    this.#source?.close();
    this.#source = null;
  }

  #show(html: string): void {
    const focused = this.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const spot = focused?.dataset.startMs;
    this.innerHTML = html;
    // Somebody who just played a quote stays on it.
    if (spot) this.querySelector<HTMLElement>(`[data-start-ms="${CSS.escape(spot)}"]`)?.focus();
  }

  #stop(): void {
    this.#source?.close();
    this.#source = null;
    this.removeAttribute("src"); // a page that is restored or moved does not ask again
    this.setAttribute("aria-busy", "false");
  }
}

customElements.define("feedback-stream", FeedbackStream);
