import { csrfToken } from "../../lib/dom";
import type { Session } from "./state";

/** An answer of the server that is a refusal; the message is for the person. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

async function post(url: string, body: unknown, keepalive = false): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      keepalive,
    });
  } catch {
    throw new Refused("offline", "The server cannot be reached. Check your connection and try again.", 0);
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as Record<string, unknown>;
  const error = (answer as { error?: { code?: string; message?: string } }).error;
  throw new Refused(
    error?.code ?? String(response.status),
    error?.message ?? `The server answered ${response.status}. Reload the page and try again.`,
    response.status,
  );
}

function session(answer: Record<string, unknown>): Session {
  const text = (key: string): string => String(answer[key] ?? "");
  return {
    attemptId: text("attempt_id"),
    token: text("token"),
    webrtcUrl: text("webrtc_url"),
    wsUrl: text("ws_url"),
    timeLimitS: Number(answer.time_limit_s ?? 900),
    reviewUrl: text("review_url"),
    joinUrl: text("join_url"),
    heartbeatUrl: text("heartbeat_url"),
    endUrl: text("end_url"),
    abandonUrl: text("abandon_url"),
    statusUrl: text("status_url"),
  };
}

/** Begin an attempt at a scenario. The rep's consent to recording goes with it. */
export async function startCall(startUrl: string, scenario: string): Promise<Session> {
  return session(await post(startUrl, { scenario, consent: true }));
}

/** A fresh token for a call that goes on: tokens work once. */
export async function joinCall(s: Session): Promise<string> {
  return String((await post(s.joinUrl, {})).token ?? "");
}

export async function endCall(s: Session): Promise<void> {
  await post(s.endUrl, {}, true);
}

/** Give up an attempt that never became a call; one that the server already counts as live is ended instead. */
export async function abandonCall(s: Session): Promise<void> {
  try {
    await post(s.abandonUrl, {}, true);
  } catch (error) {
    if (error instanceof Refused && error.status === 409) await endCall(s);
    else throw error;
  }
}

/** Say that the page is still there. Answers why the call ended, or null while it runs. */
export async function heartbeat(s: Session): Promise<string | null> {
  const answer = await post(s.heartbeatUrl, {});
  if (answer.running !== false) return null;
  const response = await fetch(s.statusUrl, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  const status = (await response.json().catch(() => ({}))) as { end_reason?: string | null };
  return status.end_reason ?? "";
}
