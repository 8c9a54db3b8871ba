import { beforeEach, describe, expect, test } from "vitest";
import { plan } from "./call";
import type { Caption } from "./captions";
import type { Checks, Live, Session, State } from "./state";
import { markup, render, renderCaptions, type Scene, statusWords } from "./view";

const labels = { buyer: "Marcus <Bell>", goal: "" };
const session = { timeLimitS: 900, reviewUrl: "/attempts/a1/" } as Session;
const live: Live = {
  session,
  transport: "webrtc",
  status: "listening",
  muted: false,
  elapsedS: 65,
  limitS: 900,
  repS: 30,
  buyerS: 10,
  confirming: false,
};
const allowed: Checks = { consent: true, mic: { kind: "ok" }, heard: true, quietTooLong: false };
let root: HTMLElement;

function draw(state: State, more: Partial<Scene> = {}): void {
  render(root, { state, captions: [], devices: [], micId: "", note: "", nowMs: 0, ...more }, labels);
}

function text(selector: string): string {
  return root.querySelector(selector)?.textContent?.trim() ?? "";
}

function visible(part: string): boolean {
  return root.querySelector<HTMLElement>(`[data-part="${part}"]`)?.hidden === false;
}

beforeEach(() => {
  root = document.createElement("div");
  root.innerHTML = markup(labels);
  document.body.replaceChildren(root);
});

test("a name is text, never markup", () => {
  expect(root.querySelector("bell")).toBeNull();
  expect(text("#ready-title")).toBe("Before you call Marcus <Bell>");
});

describe("before the call", () => {
  test("the start waits for consent and says so", () => {
    draw({ phase: "ready", checks: { ...allowed, consent: false }, problem: null });
    expect(root.querySelector('[data-do="start"]')?.getAttribute("aria-disabled")).toBe("true");
    expect(text("[data-start-help]")).toBe("First agree to the recording.");
  });

  test("the start is open when both checks have passed", () => {
    draw({ phase: "ready", checks: allowed, problem: null });
    expect(root.querySelector('[data-do="start"]')?.getAttribute("aria-disabled")).toBe("false");
    expect(text("[data-proof]")).toBe("We hear you.");
  });

  test("a blocked microphone comes with the way out", () => {
    draw({
      phase: "ready",
      checks: { ...allowed, mic: { kind: "trouble", trouble: "blocked" } },
      problem: null,
    });
    expect(text("[data-mic-trouble]")).toContain("left end of the address bar");
    expect(root.querySelector<HTMLElement>("[data-mic-ok]")?.hidden).toBe(true);
  });

  test("the chosen microphone stays chosen when the list is drawn again", () => {
    const devices = [
      { id: "", label: "System default" },
      { id: "usb", label: "Headset" },
    ];
    draw({ phase: "ready", checks: allowed, problem: null }, { devices, micId: "usb" });
    expect(root.querySelector<HTMLSelectElement>("[data-device]")?.value).toBe("usb");
  });

  test("a refusal is shown", () => {
    draw({ phase: "ready", checks: allowed, problem: "All 2 lines are in use." });
    expect(text("[data-problem]")).toBe("All 2 lines are in use.");
  });
});

describe("during the call", () => {
  test("time, status and talk balance are in words", () => {
    draw({ phase: "live", ...live });
    expect(visible("call")).toBe(true);
    expect(text("[data-elapsed]")).toBe("1:05");
    expect(text("[data-status]")).toBe("Listening to you");
    expect(text("[data-rep-share]")).toBe("You 75 %");
    expect(root.querySelector("[data-balance]")?.getAttribute("aria-label")).toBe(
      "You have spoken 75 percent of the time",
    );
  });

  test("before anybody spoke there is no balance", () => {
    draw({ phase: "live", ...live, repS: 0, buyerS: 0 });
    expect(text("[data-rep-share]")).toBe("You –");
  });

  test("muting shows on the button and in the status", () => {
    draw({ phase: "live", ...live, muted: true });
    expect(root.querySelector('[data-do="mute"]')?.getAttribute("aria-pressed")).toBe("true");
    expect(text("[data-mute-label]")).toBe("Unmute");
    expect(text("[data-status]")).toBe("You are muted");
  });

  test("a dropped line counts down the time that is left", () => {
    const dropped: State = { phase: "reconnecting", ...live, sinceMs: 1000, tries: 1 };
    expect(statusWords(dropped, "Marcus", 6000)).toBe("Connection lost. Reconnecting, 15 s left…");
    expect(statusWords(dropped, "Marcus", 99_000)).toContain("0 s left");
  });

  test("a note of the server is shown and goes away", () => {
    draw({ phase: "live", ...live }, { note: "One minute left." });
    expect(text("[data-note]")).toBe("One minute left.");
    draw({ phase: "live", ...live });
    expect(root.querySelector<HTMLElement>("[data-note]")?.hidden).toBe(true);
  });
});

test("the end says why and leads to the review", () => {
  draw({ phase: "ended", reason: "patience", reviewUrl: "/attempts/a1/", elapsedS: 125 });
  expect(visible("ended")).toBe(true);
  expect(text("[data-end-words]")).toBe("The buyer lost patience and hung up. It took 2 minutes 5 seconds.");
  expect(root.querySelector("[data-review]")?.getAttribute("href")).toBe("/attempts/a1/");
});

test("captions keep their order and their elements while they grow", () => {
  const captions: Caption[] = [
    { i: 0, speaker: "buyer", text: "Hello?", final: true },
    { i: 1, speaker: "rep", text: "Hi", final: false },
  ];
  renderCaptions(root, captions, "Marcus");
  const line = root.querySelectorAll(".caption")[1];
  renderCaptions(
    root,
    [captions[0] as Caption, { ...(captions[1] as Caption), text: "Hi, Ben here.", final: true }],
    "Marcus",
  );
  expect(root.querySelectorAll(".caption")[1]).toBe(line);
  expect([...root.querySelectorAll(".caption")].map((e) => e.textContent)).toEqual([
    "Marcus: Hello?",
    "You: Hi, Ben here.",
  ]);
  renderCaptions(root, [], "Marcus");
  expect(root.querySelectorAll(".caption")).toHaveLength(0);
});

test("WebRTC is tried first, then a WebSocket; a wish is obeyed; what worked last comes back first", () => {
  expect(plan("auto")).toEqual(["webrtc", "websocket"]);
  expect(plan("websocket")).toEqual(["websocket"]);
  expect(plan("auto", "websocket")).toEqual(["websocket"]);
  expect(plan("auto", "webrtc")).toEqual(["webrtc", "websocket"]);
});
