import { abandonCall, endCall, heartbeat, joinCall, Refused, startCall } from "./api";
import { Connection, type Listener } from "./connection";
import type { Event, Session, State, TransportName } from "./state";
import { RECONNECT_S } from "./state";

export type Wish = "auto" | TransportName;

const HEARTBEAT_MS = 10_000;
const RETRY_MS = 1_200;

/** Transports to try, in order. */
export function plan(wish: Wish, last?: TransportName): TransportName[] {
  if (wish !== "auto") return [wish];
  return last === "websocket" ? ["websocket"] : ["webrtc", "websocket"];
}

interface Host {
  state(): State;
  send(event: Event): void;
  listener: Listener;
  audio: HTMLAudioElement;
  micId(): string;
}

/** Carries one attempt from *Start* to its end over as many connections as it takes. */
export class Call {
  #connection: Connection | null = null;
  #session: Session | null = null;
  #beat: ReturnType<typeof setInterval> | undefined;
  #over = false;

  constructor(
    private readonly host: Host,
    private readonly wish: Wish,
  ) {}

  async start(startUrl: string, scenario: string): Promise<void> {
    try {
      this.#session = await startCall(startUrl, scenario);
    } catch (error) {
      this.host.send({ type: "refused", message: wordsOf(error) });
      return;
    }
    const session = this.#session;
    this.host.send({ type: "started", session });
    let token: string | null = session.token;
    let problem: unknown = null;
    for (const [n, transport] of plan(this.wish).entries()) {
      if (this.#over) return;
      this.host.send({ type: "connecting", transport, fellBack: n > 0 });
      try {
        await this.#connect(transport, token ?? (await joinCall(session)));
        return;
      } catch (error) {
        console.warn(`Connecting over ${transport} failed.`, error);
        problem = error;
        token = null;
      }
    }
    await this.abandon();
    this.host.send({
      type: "refused",
      message:
        problem instanceof Refused
          ? problem.message
          : "The call could not be connected. A firewall or a busy server may be in the way; try again in a moment.",
    });
  }

  /** Get a dropped call back within the time that the server waits. */
  async reconnect(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    clearInterval(this.#beat);
    const last = this.#connection?.name;
    this.#connection = null;
    const deadline = Date.now() + RECONNECT_S * 1000;
    while (Date.now() < deadline && this.host.state().phase === "reconnecting") {
      this.host.send({ type: "retrying" });
      for (const transport of plan(this.wish, last)) {
        try {
          await this.#connect(transport, await joinCall(session));
          return;
        } catch (error) {
          if (error instanceof Refused && error.status >= 400 && error.status < 500) {
            this.host.send({ type: "ended", reason: "connection_lost" }); // the server has closed the attempt
            return;
          }
          console.warn(`Reconnecting over ${transport} failed.`, error);
        }
      }
      await pause(RETRY_MS);
    }
    if (this.host.state().phase === "reconnecting")
      this.host.send({ type: "ended", reason: "connection_lost" });
  }

  setMuted(muted: boolean): void {
    this.#connection?.setMuted(muted);
  }

  /** End at the rep's wish: over the line and over HTTP, whichever arrives. */
  async end(): Promise<void> {
    this.#connection?.sayEnd();
    if (this.#session)
      await endCall(this.#session).catch((error: unknown) => console.warn("Ending failed.", error));
    await pause(4000);
    this.host.send({ type: "ended", reason: "rep_ended" });
  }

  /** The call is over: let go of the line and the microphone. */
  async close(): Promise<void> {
    this.#over = true;
    clearInterval(this.#beat);
    await this.#connection?.close();
  }

  /** Give up an attempt that never became a call, also while the page unloads. */
  async abandon(): Promise<void> {
    if (this.#session) await abandonCall(this.#session).catch(() => undefined);
  }

  async #connect(transport: TransportName, token: string): Promise<void> {
    const session = this.#session;
    if (!session) throw new Error("no session");
    const connection = new Connection(transport, this.host.audio, this.host.listener);
    await connection.open(session, token, this.host.micId());
    if (this.#over) {
      await connection.close();
      return;
    }
    this.#connection = connection;
    const state = this.host.state();
    if (state.phase === "reconnecting" && state.muted) connection.setMuted(true);
    this.host.send({ type: "connected", transport });
    clearInterval(this.#beat);
    this.#beat = setInterval(() => void this.#heartbeat(session), HEARTBEAT_MS);
  }

  async #heartbeat(session: Session): Promise<void> {
    const phase = this.host.state().phase;
    if (phase !== "live") return;
    const reason = await heartbeat(session).catch(() => null);
    if (reason !== null) this.host.send({ type: "ended", reason });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Refused ? error.message : "The call could not be started. Try again.";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
