import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  DoughnutController,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  RadarController,
  RadialLinearScale,
  Tooltip,
} from "chart.js";
import type { Drawing } from "./table";

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  RadarController,
  RadialLinearScale,
  Tooltip,
);

const ORDER = ["rep", "buyer", "good", "watch", "poor", "quiet"];
/** Lines that differ without colour too. */
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];

interface Wishes {
  kind?: string;
  unit?: string;
  floor?: string;
  ceiling?: string;
  mark?: string;
  markLabel?: string;
}

/** A token as `rgba(…)`: Chart.js computes with colours and does not read oklch. */
export function tokenColor(name: string, alpha = 1): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context || !value) return `rgba(120, 120, 130, ${alpha})`;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

export function draw(canvas: HTMLCanvasElement, drawing: Drawing, wishes: Wishes): Chart {
  return new Chart(canvas, configuration(drawing, wishes));
}

function configuration(drawing: Drawing, wishes: Wishes): ChartConfiguration {
  const kind =
    wishes.kind === "stacked" ? "bar" : ((wishes.kind ?? "line") as "line" | "bar" | "radar" | "doughnut");
  const ink = tokenColor("muted-foreground");
  const line = tokenColor("border");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.color = ink;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const datasets = drawing.series.map((one, i) => dataset(one, i, kind, drawing.labels.length));
  if (wishes.mark && kind !== "radar" && kind !== "doughnut")
    datasets.push(markLine(wishes, drawing.labels.length));
  const unit = wishes.unit ? ` ${wishes.unit}` : "";
  return {
    type: kind,
    data: { labels: drawing.labels, datasets },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: still ? false : { duration: 420 },
      interaction:
        kind === "line" || kind === "bar" ? { mode: "index", intersect: false } : { mode: "nearest" },
      scales: scales(kind, wishes, line),
      plugins: {
        legend: {
          display: datasets.length > 1 || kind === "doughnut",
          position: "bottom",
          align: "start",
          labels: { boxWidth: 18, boxHeight: 2, color: tokenColor("foreground") },
        },
        tooltip: {
          backgroundColor: tokenColor("foreground"),
          titleColor: tokenColor("background"),
          bodyColor: tokenColor("background"),
          padding: 10,
          cornerRadius: 8,
          callbacks: { label: (item) => ` ${item.dataset.label ?? ""} ${item.formattedValue}${unit}` },
        },
      },
    },
  } as ChartConfiguration;
}

type Dataset = ChartConfiguration["data"]["datasets"][number];

function dataset(one: Drawing["series"][number], i: number, kind: string, count: number): Dataset {
  const token = one.tone === "quiet" ? "muted-foreground" : one.tone || ORDER[i % ORDER.length] || "rep";
  const color = tokenColor(token === "quiet" ? "muted-foreground" : token);
  const base = { label: one.label, data: one.values, borderColor: color };
  if (kind === "bar")
    return {
      ...base,
      backgroundColor: color,
      borderWidth: 0,
      borderRadius: 5,
      maxBarThickness: 36,
    } as Dataset;
  if (kind === "doughnut") {
    const parts = one.values.map((_, part) => tokenColor(ORDER[part % 5] ?? "rep"));
    return { ...base, backgroundColor: parts, borderColor: tokenColor("card"), borderWidth: 2 } as Dataset;
  }
  return {
    ...base,
    backgroundColor: tokenColor(token, kind === "radar" ? 0.16 : 0.08),
    pointBackgroundColor: color,
    pointRadius: count > 24 ? 0 : 3,
    pointHoverRadius: 6,
    borderWidth: 2,
    borderDash: DASHES[i % DASHES.length],
    ...(kind === "line" ? { cubicInterpolationMode: "monotone" } : {}),
    fill: kind === "radar" || i === 0,
    spanGaps: true,
  } as Dataset;
}

function markLine(wishes: Wishes, count: number): Dataset {
  return {
    type: "line",
    label: wishes.markLabel || "Mark",
    data: Array.from({ length: count }, () => Number(wishes.mark)),
    borderColor: tokenColor("muted-foreground"),
    borderDash: [3, 4],
    borderWidth: 1.25,
    pointRadius: 0,
    pointHoverRadius: 0,
    fill: false,
  } as Dataset;
}

function scales(kind: string, wishes: Wishes, line: string): Record<string, unknown> {
  const limits = {
    ...(wishes.floor ? { min: Number(wishes.floor) } : {}),
    ...(wishes.ceiling ? { max: Number(wishes.ceiling) } : {}),
  };
  if (kind === "doughnut") return {};
  if (kind === "radar") {
    const ticks = { display: false, maxTicksLimit: 5 };
    return {
      r: {
        ...limits,
        ticks,
        grid: { color: line },
        angleLines: { color: line },
        pointLabels: { font: { size: 12 } },
      },
    };
  }
  const stacked = wishes.kind === "stacked";
  return {
    x: {
      stacked,
      grid: { display: false },
      border: { color: line },
      ticks: { maxRotation: 0, autoSkipPadding: 16 },
    },
    y: {
      stacked,
      ...limits,
      grid: { color: line },
      border: { display: false },
      ticks: { maxTicksLimit: 6, padding: 8 },
    },
  };
}
