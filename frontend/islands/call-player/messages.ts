/** What the voice server tells the page during a call. */
export type ServerMessage =
  | { type: "caption"; i: number; speaker: "rep" | "buyer"; text: string; final: boolean }
  | { type: "status"; state: "listening" | "thinking" | "speaking" | "ended" }
  | { type: "talk"; repS: number; buyerS: number }
  | { type: "timer"; elapsedS: number; limitS: number }
  | { type: "ended"; reason: string }
  | { type: "note"; text: string };

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** The message in its typed form, or null for one that this page does not know. */
export function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "object" || data === null) return null;
  const m = data as Record<string, unknown>;
  switch (m.type) {
    case "caption":
      return m.speaker === "rep" || m.speaker === "buyer"
        ? {
            type: "caption",
            i: number(m.i),
            speaker: m.speaker,
            text: text(m.text),
            final: m.final !== false,
          }
        : null;
    case "status": {
      const state = m.state;
      return state === "listening" || state === "thinking" || state === "speaking" || state === "ended"
        ? { type: "status", state }
        : null;
    }
    case "talk":
      return { type: "talk", repS: number(m.rep_s), buyerS: number(m.buyer_s) };
    case "timer":
      return { type: "timer", elapsedS: number(m.elapsed_s), limitS: number(m.limit_s) };
    case "ended":
      return { type: "ended", reason: text(m.reason) };
    case "note":
      return { type: "note", text: text(m.text) };
    default:
      return null;
  }
}

/** Why the call ended, in words for the rep. */
export function endWords(reason: string): string {
  const words: Record<string, string> = {
    goal: "You reached the goal and the buyer hung up happy.",
    patience: "The buyer lost patience and hung up.",
    goodbye: "The buyer said goodbye.",
    silence: "Nobody spoke for a while, so the buyer hung up.",
    rep_ended: "You ended the call.",
    time_limit: "The time for this scenario is up.",
    connection_lost: "The connection was lost. Everything up to that moment is kept.",
    server_stopped: "The server stopped. Everything up to that moment is kept.",
    error: "Something went wrong on our side. Everything up to that moment is kept.",
  };
  return words[reason] ?? "The call is over.";
}
