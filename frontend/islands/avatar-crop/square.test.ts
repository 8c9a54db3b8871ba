import { describe, expect, it } from "vitest";
import { middle, moved, shares, zoomed } from "./square";

describe("the square of a picture", () => {
  it("begins as the largest one in the middle", () => {
    expect(middle(900, 600)).toEqual({ left: 150, top: 0, side: 600 });
  });

  it("stays inside the picture when it is pulled over an edge", () => {
    expect(moved(middle(900, 600), -400, 50, 900, 600)).toEqual({ left: 0, top: 0, side: 600 });
    expect(moved(middle(900, 600), 999, 0, 900, 600).left).toBe(300);
  });

  it("keeps its middle when it is zoomed", () => {
    expect(zoomed(middle(900, 600), 2, 900, 600)).toEqual({ left: 300, top: 150, side: 300 });
  });

  it("is told to the server in shares", () => {
    expect(shares({ left: 90, top: 60, side: 300 }, 900, 600)).toEqual({ left: 0.1, top: 0.1, width: 0.5 });
  });
});
