/** What a chart draws, read from the table that says the same. */
export interface Drawing {
  labels: string[];
  series: { label: string; tone: string; values: (number | null)[] }[];
}

export function readTable(table: HTMLTableElement): Drawing {
  const heads = [...table.querySelectorAll<HTMLElement>("thead th")].slice(1);
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.children] as HTMLElement[]);
  return {
    labels: rows.map((cells) => cells[0]?.textContent?.trim() ?? ""),
    series: heads.map((head, i) => ({
      label: head.textContent?.trim() ?? "",
      tone: head.dataset.tone ?? "",
      values: rows.map((cells) => {
        const value = cells[i + 1]?.dataset.value;
        return value ? Number(value) : null;
      }),
    })),
  };
}

/** What a screen reader hears of one point: `3 Nov: Score 82 points, Team 74 points`. */
export function sayPoint(drawing: Drawing, at: number, unit: string): string {
  const parts = drawing.series.map((one) => {
    const value = one.values[at];
    return `${one.label} ${value == null ? "unknown" : `${value} ${unit}`.trim()}`;
  });
  return `${drawing.labels[at]}: ${parts.join(", ")}`;
}
