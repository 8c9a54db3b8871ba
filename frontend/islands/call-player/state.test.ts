import { describe, expect, test } from "vitest";
import { type Event, isAtRisk, mayStart, next, type Session, type State, start } from "./state";

const session: Session = {
  attemptId: "a1",
  token: "t",
  webrtcUrl: "/voice/offer",
  wsUrl: "/voice/ws",
  timeLimitS: 900,
  reviewUrl: "/attempts/a1/",
  joinUrl: "/j",
  heartbeatUrl: "/h",
  endUrl: "/e",
  abandonUrl: "/x",
  statusUrl: "/s",
};

function reached(...events: Event[]): State {
  return events.reduce(next, start);
}

const checked: Event[] = [
  { type: "consent", given: true },
  { type: "mic", mic: { kind: "ok" } },
  { type: "heard" },
];
const talking: Event[] = [
  ...checked,
  { type: "start" },
  { type: "started", session },
  { type: "connected", transport: "webrtc" },
];

describe("before the call", () => {
  test("it does not start without consent, a microphone and a sound", () => {
    expect(mayStart(reached())).toBe(false);
    expect(mayStart(reached({ type: "consent", given: true }, { type: "mic", mic: { kind: "ok" } }))).toBe(
      false,
    );
    expect(mayStart(reached({ type: "mic", mic: { kind: "ok" } }, { type: "heard" }))).toBe(false);
    expect(mayStart(reached(...checked))).toBe(true);
  });

  test("a silent microphone is only waited for so long", () => {
    const quiet = reached(
      { type: "consent", given: true },
      { type: "mic", mic: { kind: "ok" } },
      { type: "quiet" },
    );
    expect(mayStart(quiet)).toBe(true);
  });

  test("another microphone must prove itself again", () => {
    expect(mayStart(reached(...checked, { type: "mic", mic: { kind: "ok" } }))).toBe(false);
  });

  test("consent taken back stops the start", () => {
    const state = reached(...checked, { type: "consent", given: false }, { type: "start" });
    expect(state.phase).toBe("ready");
  });

  test("a refusal leads back to the checks, with the reason and the consent kept", () => {
    const state = reached(
      ...checked,
      { type: "start" },
      { type: "refused", message: "Two calls are running." },
    );
    expect(state).toMatchObject({
      phase: "ready",
      problem: "Two calls are running.",
      checks: { consent: true },
    });
  });
});

describe("connecting", () => {
  test("it remembers that it fell back", () => {
    const state = reached(
      ...checked,
      { type: "start" },
      { type: "started", session },
      {
        type: "connecting",
        transport: "websocket",
        fellBack: true,
      },
    );
    expect(state).toMatchObject({ phase: "connecting", transport: "websocket", fellBack: true });
    expect(isAtRisk(state)).toBe(true);
  });
});

describe("the live call", () => {
  test("it begins listening, unmuted, with the limit of the scenario", () => {
    expect(reached(...talking)).toMatchObject({
      phase: "live",
      status: "listening",
      muted: false,
      limitS: 900,
    });
  });

  test("ending asks first, and may be taken back", () => {
    const asked = reached(...talking, { type: "ask-end" });
    expect(asked).toMatchObject({ phase: "live", confirming: true });
    expect(next(asked, { type: "keep-talking" })).toMatchObject({ phase: "live", confirming: false });
    expect(next(asked, { type: "end" })).toMatchObject({ phase: "ending", confirming: false });
  });

  test("the server's word ends it, whatever the page was doing", () => {
    for (const extra of [
      [],
      [{ type: "ask-end" }],
      [{ type: "end" }],
      [{ type: "dropped", nowMs: 5 }],
    ] as Event[][]) {
      const state = reached(...talking, { type: "timer", elapsedS: 61 }, ...extra, {
        type: "ended",
        reason: "goal",
      });
      expect(state).toEqual({ phase: "ended", reason: "goal", reviewUrl: "/attempts/a1/", elapsedS: 61 });
      expect(isAtRisk(state)).toBe(false);
    }
  });
});

describe("a dropped connection", () => {
  const dropped = reached(
    ...talking,
    { type: "timer", elapsedS: 30 },
    { type: "talk", repS: 10, buyerS: 12 },
    { type: "mute", muted: true },
    { type: "dropped", nowMs: 1000 },
  );

  test("it keeps everything that was known", () => {
    expect(dropped).toMatchObject({
      phase: "reconnecting",
      sinceMs: 1000,
      elapsedS: 30,
      muted: true,
      repS: 10,
    });
    expect(isAtRisk(dropped)).toBe(true);
  });

  test("it goes on where it was, over whichever transport answers", () => {
    const back = next(dropped, { type: "connected", transport: "websocket" });
    expect(back).toMatchObject({ phase: "live", transport: "websocket", elapsedS: 30, muted: true });
    expect(back).not.toHaveProperty("sinceMs");
  });

  test("a drop while ending is not a drop", () => {
    expect(reached(...talking, { type: "end" }, { type: "dropped", nowMs: 1 }).phase).toBe("ending");
  });

  test("the rep may end instead of waiting", () => {
    expect(next(dropped, { type: "end" }).phase).toBe("ending");
  });
});

test("nothing follows the end", () => {
  const over = reached(...talking, { type: "ended", reason: "goal" });
  for (const event of [
    { type: "connected", transport: "webrtc" },
    { type: "start" },
    { type: "end" },
  ] as Event[]) {
    expect(next(over, event)).toBe(over);
  }
});
