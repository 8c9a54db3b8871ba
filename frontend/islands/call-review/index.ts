import pauseSvg from "lucide-static/icons/pause.svg?raw";
import playSvg from "lucide-static/icons/play.svg?raw";
import { icon } from "../../lib/dom";
import { clock } from "../../lib/format";
import { Player } from "./player";
import { lineAt, playFromS, type Span } from "./sync";

/**
 * Recording, transcript and evidence of one call, working together on what the server rendered inside.
 * Attributes: `src` (signed address), `renew-url` (JSON with a fresh one), `duration` in seconds; peaks in `#peaks`.
 * Anything inside with `data-start-ms` and `data-end-ms` plays: a transcript line (`data-line`) goes on, evidence stops at its end.
 */
class CallReview extends HTMLElement {
  static readonly observedAttributes = ["src"];

  #player: Player | null = null;
  #lit = -1;
  #touchedMs = 0;

  connectedCallback(): void {
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("change", this.#onChange);
    this.addEventListener("wheel", this.#onTouch, { passive: true });
    this.addEventListener("touchmove", this.#onTouch, { passive: true });
    document.addEventListener("parley:theme", this.#onTheme);
    this.#open();
  }

  disconnectedCallback(): void {
    document.removeEventListener("parley:theme", this.#onTheme);
    this.#player?.destroy();
    this.#player = null;
  }

  attributeChangedCallback(): void {
    // The part may arrive by HTMX while scoring runs; an address that was merely signed anew changes nothing.
    if (this.isConnected) queueMicrotask(() => this.#open());
  }

  #open(): void {
    const url = this.getAttribute("src");
    const container = this.querySelector<HTMLElement>("[data-wave]");
    if (!url || !container || this.#player) return;
    this.#player = new Player(
      container,
      {
        url,
        renewUrl: this.getAttribute("renew-url") ?? "",
        durationS: Number(this.getAttribute("duration") ?? 0),
        peaks: this.#peaks(),
      },
      {
        onTime: (seconds) => this.#follow(seconds),
        onPlaying: (playing) => this.#showPlaying(playing),
        onProblem: (words) => this.#showProblem(words),
      },
    );
  }

  #peaks(): number[][] {
    const text = this.querySelector("#peaks")?.textContent;
    return text ? (JSON.parse(text) as number[][]) : [];
  }

  get #lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-line]")];
  }

  readonly #onClick = (event: MouseEvent): void => {
    const target = event.target as Element | null;
    const action = target?.closest<HTMLElement>("[data-do]")?.dataset.do;
    if (action === "toggle") this.#player?.toggle();
    if (action === "back") this.#player?.skip(-5);
    if (action === "ahead") this.#player?.skip(5);
    const spot = target?.closest<HTMLElement>("[data-start-ms]");
    if (!spot) return;
    const span = spanOf(spot);
    const isLine = spot.hasAttribute("data-line");
    this.#touchedMs = 0;
    this.#player?.play(playFromS(span), isLine ? null : span);
    if (!isLine) this.#reveal(spot.dataset.i);
  };

  readonly #onChange = (event: Event): void => {
    const target = event.target;
    if (target instanceof HTMLSelectElement && target.matches("[data-rate]"))
      this.#player?.setRate(Number(target.value));
    if (target instanceof HTMLInputElement && target.matches("[data-follow]")) this.#touchedMs = 0;
  };

  /** Somebody scrolls the transcript by hand: do not pull it away for a while. */
  readonly #onTouch = (event: Event): void => {
    if ((event.target as Element | null)?.closest("[data-lines]")) this.#touchedMs = Date.now();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.#player || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const line = target.closest<HTMLElement>("[data-line]");
    if (line && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const lines = this.#lines;
      lines[lines.indexOf(line) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      event.preventDefault();
      return;
    }
    // Single letters act only while the recording or the transcript has the focus, so that they surprise nobody.
    if (!target.closest("[data-keys]") || target.closest("input, select")) return;
    const key = event.key.toLowerCase();
    if (key === "k") this.#player.toggle();
    else if (key === "j") this.#player.skip(-5);
    else if (key === "l") this.#player.skip(5);
    else return;
    event.preventDefault();
  };

  readonly #onTheme = (): void => this.#player?.recolour();

  #follow(seconds: number): void {
    const at = this.querySelector("[data-at]");
    const words = clock(seconds);
    if (at && at.textContent !== words) at.textContent = words;
    const lines = this.#lines;
    const lit = lineAt(lines.map(spanOf), seconds * 1000);
    const line = lines[lit];
    if (lit === this.#lit && (!line || line.getAttribute("aria-current") === "true")) return;
    this.#lit = lit;
    for (const other of lines) other.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    if (line && this.#mayScroll()) scrollInside(line);
  }

  #mayScroll(): boolean {
    const follow = this.querySelector<HTMLInputElement>("[data-follow]")?.checked ?? true;
    return follow && (this.#player?.isPlaying ?? false) && Date.now() - this.#touchedMs > 4000;
  }

  /** Bring the line that a piece of evidence quotes into view. */
  #reveal(i: string | undefined): void {
    const line = this.querySelector<HTMLElement>(`[data-line="${CSS.escape(i ?? "")}"]`);
    if (line) scrollInside(line);
  }

  #showPlaying(playing: boolean): void {
    const button = this.querySelector<HTMLElement>('[data-do="toggle"]');
    if (!button) return;
    button.innerHTML = icon(playing ? pauseSvg : playSvg);
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  #showProblem(words: string): void {
    const box = this.querySelector<HTMLElement>("[data-sound-problem]");
    if (!box) return;
    box.textContent = words;
    box.hidden = false;
  }
}

function spanOf(element: HTMLElement): Span {
  return { startMs: Number(element.dataset.startMs), endMs: Number(element.dataset.endMs) };
}

/** Scroll the transcript's own box, never the page. */
function scrollInside(line: HTMLElement): void {
  const box = line.closest<HTMLElement>("[data-lines]");
  if (!box) return;
  const top = line.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  box.scrollTo({ top: top - box.clientHeight / 3, behavior: calm ? "auto" : "smooth" });
}

customElements.define("call-review", CallReview);
