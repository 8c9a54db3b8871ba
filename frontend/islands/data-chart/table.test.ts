import { expect, test } from "vitest";
import { readTable, sayPoint } from "./table";

function table(): HTMLTableElement {
  document.body.innerHTML = `<table><thead><tr><th>Day</th><th data-tone="rep">Score</th><th>Team</th></tr></thead>
    <tbody><tr><th>2 Nov</th><td data-value="71.5">71.5</td><td data-value="">–</td></tr>
    <tr><th>3 Nov</th><td data-value="82">82</td><td data-value="0">0</td></tr></tbody></table>`;
  return document.querySelector("table") as HTMLTableElement;
}

test("a chart draws what its table says, and nothing where the table knows nothing", () => {
  const drawing = readTable(table());
  expect(drawing.labels).toEqual(["2 Nov", "3 Nov"]);
  expect(drawing.series).toEqual([
    { label: "Score", tone: "rep", values: [71.5, 82] },
    { label: "Team", tone: "", values: [null, 0] },
  ]);
});

test("each point is said with its unit", () => {
  expect(sayPoint(readTable(table()), 0, "points")).toBe("2 Nov: Score 71.5 points, Team unknown");
});
