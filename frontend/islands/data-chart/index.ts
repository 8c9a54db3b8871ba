import type { Chart as Drawn } from "chart.js";
import { step } from "../../lib/menu";
import { draw } from "./draw";
import { type Drawing, readTable, sayPoint } from "./table";

/**
 * Draws the table inside it with Chart.js and keeps the table as the alternative.
 * Attributes: data-kind (line, bar, stacked, radar, doughnut), data-title, data-unit, data-floor, data-ceiling, data-mark.
 * The picture takes the focus; arrows, Home and End go from point to point, and each is said.
 */
class DataChart extends HTMLElement {
  #chart: Drawn | null = null;
  #drawing: Drawing = { labels: [], series: [] };
  #at = -1;
  #seen: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.#seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#seen?.disconnect();
      this.#draw();
    });
    this.#seen.observe(this);
    document.addEventListener("parley:theme", this.#again);
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect();
    document.removeEventListener("parley:theme", this.#again);
    this.#chart?.destroy();
    this.#chart = null;
  }

  readonly #again = (): void => {
    if (this.#chart) this.#draw();
  };

  #draw(): void {
    const stage = this.querySelector<HTMLElement>(".chart-stage");
    const table = this.querySelector("table");
    if (!stage || !table) return;
    this.#chart?.destroy();
    this.#drawing = readTable(table);
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    const words = document.createElement("p");
    words.className = "sr-only";
    words.setAttribute("role", "status");
    stage.replaceChildren(canvas, words);
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute(
      "aria-label",
      `Chart: ${this.dataset.title}. Left and right arrows go through its points.`,
    );
    stage.onkeydown = (event) => this.#key(event, words);
    stage.onblur = () => this.#show(-1);
    this.#chart = draw(canvas, this.#drawing, this.dataset);
  }

  #key(event: KeyboardEvent, words: HTMLElement): void {
    const next = step(event.key, this.#at, this.#drawing.labels.length, "ArrowLeft", "ArrowRight");
    if (next === null) return;
    event.preventDefault();
    this.#show(next);
    words.textContent = sayPoint(this.#drawing, next, this.dataset.unit ?? "");
  }

  #show(at: number): void {
    this.#at = at;
    const chart = this.#chart;
    if (!chart) return;
    const active = at < 0 ? [] : chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index: at }));
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    chart.update("none");
  }
}

customElements.define("data-chart", DataChart);
