/** The life of one call as the page sees it: a pure function from state and event to the next state. */

export type MicTrouble = "blocked" | "missing" | "busy" | "insecure" | "unknown";
export type Mic =
  | { kind: "idle" }
  | { kind: "asking" }
  | { kind: "ok" }
  | { kind: "trouble"; trouble: MicTrouble };
export type LiveStatus = "listening" | "thinking" | "speaking";
export type TransportName = "webrtc" | "websocket";

/** What `POST /api/calls/start` answers, as far as the page needs it. */
export interface Session {
  attemptId: string;
  token: string;
  webrtcUrl: string;
  wsUrl: string;
  timeLimitS: number;
  reviewUrl: string;
  joinUrl: string;
  heartbeatUrl: string;
  endUrl: string;
  abandonUrl: string;
  statusUrl: string;
}

export interface Checks {
  consent: boolean;
  mic: Mic;
  /** The level meter has moved: somebody was heard. */
  heard: boolean;
  /** Time enough has passed without a sound that the rep may start all the same. */
  quietTooLong: boolean;
}

export interface Live {
  session: Session;
  transport: TransportName;
  status: LiveStatus;
  muted: boolean;
  elapsedS: number;
  limitS: number;
  repS: number;
  buyerS: number;
  confirming: boolean;
}

export type State =
  | { phase: "ready"; checks: Checks; problem: string | null }
  | { phase: "starting"; checks: Checks }
  | { phase: "connecting"; checks: Checks; session: Session; transport: TransportName; fellBack: boolean }
  | ({ phase: "live" } & Live)
  | ({ phase: "reconnecting"; sinceMs: number; tries: number } & Live)
  | ({ phase: "ending" } & Live)
  | { phase: "ended"; reason: string; reviewUrl: string; elapsedS: number };

export type Event =
  | { type: "consent"; given: boolean }
  | { type: "mic"; mic: Mic }
  | { type: "heard" }
  | { type: "quiet" }
  | { type: "start" }
  | { type: "started"; session: Session }
  | { type: "refused"; message: string }
  | { type: "connecting"; transport: TransportName; fellBack?: boolean }
  | { type: "connected"; transport: TransportName }
  | { type: "dropped"; nowMs: number }
  | { type: "retrying" }
  | { type: "status"; status: LiveStatus }
  | { type: "timer"; elapsedS: number; limitS?: number }
  | { type: "talk"; repS: number; buyerS: number }
  | { type: "mute"; muted: boolean }
  | { type: "ask-end" }
  | { type: "keep-talking" }
  | { type: "end" }
  | { type: "ended"; reason: string };

/** How long a dropped call may take to come back; the server waits as long. */
export const RECONNECT_S = 20;

export const start: State = {
  phase: "ready",
  checks: { consent: false, mic: { kind: "idle" }, heard: false, quietTooLong: false },
  problem: null,
};

/** True when the rep may press *Start*: consent given, microphone open, and heard (or silent for too long to wait). */
export function mayStart(state: State): boolean {
  if (state.phase !== "ready") return false;
  const { consent, mic, heard, quietTooLong } = state.checks;
  return consent && mic.kind === "ok" && (heard || quietTooLong);
}

/** True while leaving the page would cut a call. */
export function isAtRisk(state: State): boolean {
  return state.phase === "connecting" || state.phase === "live" || state.phase === "reconnecting";
}

function inReady(state: State, change: Partial<Checks>): State {
  return state.phase === "ready" ? { ...state, checks: { ...state.checks, ...change } } : state;
}

function inCall(state: State, change: Partial<Live>): State {
  if (state.phase === "live" || state.phase === "reconnecting" || state.phase === "ending")
    return { ...state, ...change };
  return state;
}

function connected(state: State, transport: TransportName): State {
  if (state.phase === "connecting") {
    return {
      phase: "live",
      session: state.session,
      transport,
      status: "listening",
      muted: false,
      elapsedS: 0,
      limitS: state.session.timeLimitS,
      repS: 0,
      buyerS: 0,
      confirming: false,
    };
  }
  if (state.phase === "reconnecting") {
    const { sinceMs: _since, tries: _tries, ...live } = state;
    return { ...live, phase: "live", transport, status: "listening" };
  }
  return state;
}

function ended(state: State, reason: string): State {
  switch (state.phase) {
    case "live":
    case "reconnecting":
    case "ending":
      return { phase: "ended", reason, reviewUrl: state.session.reviewUrl, elapsedS: state.elapsedS };
    case "connecting":
      return { phase: "ended", reason, reviewUrl: state.session.reviewUrl, elapsedS: 0 };
    default:
      return state;
  }
}

function refused(state: State, message: string): State {
  if (state.phase === "starting" || state.phase === "connecting") {
    const checks: Checks = { ...state.checks, mic: { kind: "idle" }, heard: false, quietTooLong: false };
    return { phase: "ready", checks, problem: message };
  }
  return state;
}

export function next(state: State, event: Event): State {
  switch (event.type) {
    case "consent":
      return inReady(state, { consent: event.given });
    case "mic":
      return inReady(state, { mic: event.mic, heard: false, quietTooLong: false });
    case "heard":
      return inReady(state, { heard: true });
    case "quiet":
      return inReady(state, { quietTooLong: true });
    case "start":
      return mayStart(state) && state.phase === "ready" ? { phase: "starting", checks: state.checks } : state;
    case "started":
      return state.phase === "starting"
        ? {
            phase: "connecting",
            checks: state.checks,
            session: event.session,
            transport: "webrtc",
            fellBack: false,
          }
        : state;
    case "refused":
      return refused(state, event.message);
    case "connecting":
      return state.phase === "connecting"
        ? { ...state, transport: event.transport, fellBack: event.fellBack ?? state.fellBack }
        : state;
    case "connected":
      return connected(state, event.transport);
    case "dropped":
      return state.phase === "live"
        ? { ...state, phase: "reconnecting", sinceMs: event.nowMs, tries: 0, confirming: false }
        : state;
    case "retrying":
      return state.phase === "reconnecting" ? { ...state, tries: state.tries + 1 } : state;
    case "status":
      return inCall(state, { status: event.status });
    case "timer":
      return inCall(state, { elapsedS: event.elapsedS, ...(event.limitS ? { limitS: event.limitS } : {}) });
    case "talk":
      return inCall(state, { repS: event.repS, buyerS: event.buyerS });
    case "mute":
      return inCall(state, { muted: event.muted });
    case "ask-end":
      return state.phase === "live" ? { ...state, confirming: true } : state;
    case "keep-talking":
      return inCall(state, { confirming: false });
    case "end":
      if (state.phase === "live") return { ...state, phase: "ending", confirming: false };
      if (state.phase === "reconnecting") {
        const { sinceMs: _since, tries: _tries, ...live } = state;
        return { ...live, phase: "ending", confirming: false };
      }
      return state;
    case "ended":
      return ended(state, event.reason);
  }
}
