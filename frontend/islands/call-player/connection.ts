import { LogLevel, PipecatClient } from "@pipecat-ai/client-js";
import { Refused } from "./api";
import { readMessage, type ServerMessage } from "./messages";
import { LevelWatch, meterShare } from "./microphone";
import type { Session, TransportName } from "./state";
import { makeTransport } from "./transports";

/** How long a transport may take from first byte to a ready buyer. */
const CONNECT_MS: Record<TransportName, number> = { webrtc: 7000, websocket: 15000 };

export interface Listener {
  onMessage(message: ServerMessage): void;
  onDropped(): void;
  onMicTrouble(): void;
  onLevel(share: number): void;
}

/** One connection of the page to the voice server. A dropped one is thrown away; a call goes on over a new one. */
export class Connection {
  readonly #client: PipecatClient;
  readonly #useMic: (deviceId: string) => Promise<void>;
  readonly #failed: Promise<never>;
  #fail: (reason: Error) => void = () => undefined;
  #level: LevelWatch | null = null;
  #closed = false;
  #closesItself = false;
  #open = false;

  constructor(
    readonly name: TransportName,
    audio: HTMLAudioElement,
    private readonly listener: Listener,
  ) {
    const { transport, useMic } = makeTransport(name);
    this.#useMic = useMic;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined); // it may fail when nobody waits any more
    this.#client = new PipecatClient({
      transport,
      enableMic: true,
      enableCam: false,
      callbacks: {
        onServerMessage: (data: unknown) => {
          const message = readMessage(data);
          if (message && !this.#closed) listener.onMessage(message);
        },
        onTrackStarted: (track, participant) => {
          if (participant?.local || track.kind !== "audio") return;
          audio.srcObject = new MediaStream([track]);
          void audio.play().catch(() => undefined);
        },
        onDeviceError: () => listener.onMicTrouble(),
        onDisconnected: () => this.#drop(),
        onError: (message) => {
          const data = message.data as {
            fatal?: boolean;
            code?: string;
            error?: string;
            message?: string;
          } | null;
          if (!data?.fatal) return;
          this.#closesItself = true; // the client disconnects by itself; a second time would stumble
          // The voice server says in an error why it refuses a call, with a code; a lost socket has none.
          this.#fail(
            data.code ? new Refused(data.code, data.error ?? "", 0) : new Error(data.message ?? "lost"),
          );
          this.#drop();
        },
        onTransportStateChanged: (state) => {
          if (state === "error") this.#drop();
        },
      },
    });
    this.#client.setLogLevel(LogLevel.WARN);
  }

  /** Connect and wait until the buyer is ready. On failure everything is closed again. */
  async open(session: Session, token: string, micId: string): Promise<void> {
    try {
      await this.#client.initDevices();
      if (micId) await this.#useMic(micId);
      const connected = this.#client.connect(this.#address(session, token));
      await within(CONNECT_MS[this.name], Promise.race([connected, this.#failed]));
      if (this.#closed) throw new Error("closed while connecting");
      this.#open = true;
      this.#watchLevel();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  setMuted(muted: boolean): void {
    this.#client.enableMic(!muted);
  }

  /** Ask the server to end the call. */
  sayEnd(): void {
    try {
      this.#client.sendClientMessage("end", {});
    } catch {
      // The connection may be gone; the HTTP request to end goes out beside this one.
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#level?.stop();
    if (!this.#closesItself) await within(2000, this.#client.disconnect()).catch(() => undefined);
  }

  #drop(): void {
    if (this.#closed || !this.#open) return;
    void this.close();
    this.listener.onDropped();
  }

  #watchLevel(): void {
    const track = this.#client.tracks().local.audio;
    if (!track) return;
    this.#level = new LevelWatch(new MediaStream([track]), (rms) => this.listener.onLevel(meterShare(rms)));
  }

  #address(session: Session, token: string): Record<string, unknown> {
    const query = `?token=${encodeURIComponent(token)}`;
    if (this.name === "webrtc") return { webrtcRequestParams: { endpoint: session.webrtcUrl + query } };
    const url = new URL(session.wsUrl + query, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return { wsUrl: url.href };
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
