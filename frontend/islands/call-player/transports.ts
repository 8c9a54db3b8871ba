import type { Transport } from "@pipecat-ai/client-js";
import { WavMediaManager as RtcMedia, SmallWebRTCTransport } from "@pipecat-ai/small-webrtc-transport";
import {
  ProtobufFrameSerializer,
  WavMediaManager,
  WebSocketTransport,
} from "@pipecat-ai/websocket-transport";
import type { TransportName } from "./state";

/** The first byte of a protobuf `Frame` whose one field is `interruption` (field 5, length-delimited). */
const INTERRUPTION = 0x2a;

/** Plays the buyer's voice and can be cut off and go on: after a cut, the stock manager stays silent on the same track. */
class BuyerVoice extends WavMediaManager {
  #part = 0;
  #gone: Promise<void> | null = null;

  override bufferBotAudio(data: ArrayBuffer | Int16Array): Int16Array {
    return super.bufferBotAudio(data, `part-${this.#part}`);
  }

  cut(): void {
    void super.userStartedSpeaking();
    this.#part += 1;
  }

  /** Once: page and lost connection may both hang up, and the stock manager stumbles when it has ended already. */
  override disconnect(): Promise<void> {
    this.#gone ??= super.disconnect();
    return this.#gone;
  }
}

/** The microphone of a WebRTC call, which hangs up once as well. */
class RtcMicrophone extends RtcMedia {
  #gone: Promise<void> | null = null;

  disconnect(): Promise<void> {
    this.#gone ??= super.disconnect() as Promise<void>;
    return this.#gone;
  }
}

/** Pipecat's protobuf frames, with the interruption that the stock serializer does not know. */
class Frames {
  readonly #stock = new ProtobufFrameSerializer();

  constructor(readonly onInterruption: () => void) {}

  serialize(data: unknown): unknown {
    return this.#stock.serialize(data);
  }

  serializeAudio(data: ArrayBuffer, sampleRate: number, numChannels: number): Uint8Array {
    return this.#stock.serializeAudio(data, sampleRate, numChannels);
  }

  serializeMessage(message: Parameters<ProtobufFrameSerializer["serializeMessage"]>[0]): Uint8Array {
    return this.#stock.serializeMessage(message);
  }

  async deserialize(
    data: unknown,
  ): Promise<
    Awaited<ReturnType<ProtobufFrameSerializer["deserialize"]>> | { type: "raw"; message: unknown }
  > {
    if (data instanceof Blob && new Uint8Array(await data.slice(0, 1).arrayBuffer())[0] === INTERRUPTION) {
      this.onInterruption();
      return { type: "raw", message: null };
    }
    return this.#stock.deserialize(data);
  }
}

export interface MadeTransport {
  transport: Transport;
  /** Open the chosen microphone rather than the system's default. */
  useMic: (deviceId: string) => Promise<void>;
}

export function makeTransport(name: TransportName): MadeTransport {
  if (name === "webrtc") {
    const transport = new SmallWebRTCTransport({ mediaManager: new RtcMicrophone(), iceServers: [] });
    // Tokens work once, so a new offer needs a new token: our own reconnecting does that, the transport must not try.
    (transport as unknown as { maxReconnectionAttempts: number }).maxReconnectionAttempts = 0;
    return { transport, useMic: (id) => transport.updateMic(id) };
  }
  const voice = new BuyerVoice(undefined, 16000);
  const transport = new WebSocketTransport({
    mediaManager: voice,
    serializer: new Frames(() => voice.cut()),
    recorderSampleRate: 16000,
    playerSampleRate: 24000,
  });
  return { transport, useMic: (id) => transport.updateMic(id) };
}
