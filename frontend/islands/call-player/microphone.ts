import { chooseMicrophone, chosenMicrophone } from "../../lib/microphone-choice";
import type { MicTrouble } from "./state";

/** Loudness (RMS, 0..1) that counts as a voice rather than a quiet room. */
const VOICE_RMS = 0.015;
/** How much voice proves a microphone, in milliseconds. */
const PROOF_MS = 250;
/** After this long without a voice the rep may start all the same. */
const PATIENCE_MS = 7000;

export class MicError extends Error {
  constructor(readonly trouble: MicTrouble) {
    super(trouble);
  }
}

/** What a failed `getUserMedia` means for the person. */
export function troubleOf(error: unknown): MicTrouble {
  const name = (error as { name?: string } | null)?.name ?? "";
  if (name === "NotAllowedError" || name === "SecurityError") return "blocked";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "unknown";
}

/** A bar length 0..1 for a loudness: decibels from -60 to -10, since ears hear in ratios. */
export function meterShare(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 60) / 50));
}

/** Follows loudness over time: `heard` once after enough voice, `quiet` once after long silence. */
export class Proof {
  #voiceMs = 0;
  #waitedMs = 0;
  #said: "heard" | "quiet" | null = null;

  step(rms: number, passedMs: number): "heard" | "quiet" | null {
    if (this.#said === "heard") return null;
    this.#waitedMs += passedMs;
    if (rms >= VOICE_RMS) this.#voiceMs += passedMs;
    if (this.#voiceMs >= PROOF_MS) {
      this.#said = "heard";
      return "heard";
    }
    if (this.#said === null && this.#waitedMs >= PATIENCE_MS) {
      this.#said = "quiet";
      return "quiet";
    }
    return null;
  }
}

/** Calls back with the loudness of a stream about 30 times a second until stopped. */
export class LevelWatch {
  readonly #context = new AudioContext();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(stream: MediaStream, onLevel: (rms: number, passedMs: number) => void) {
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let before = performance.now();
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const now = performance.now();
      onLevel(Math.sqrt(sum / samples.length), now - before);
      before = now;
    }, 33);
    void this.#context.resume();
  }

  stop(): void {
    clearInterval(this.#timer);
    void this.#context.close();
  }
}

export interface Device {
  id: string;
  label: string;
}

/** The microphone before the call: permission, choice of device, level. The call opens its own stream afterwards. */
export class Microphone {
  #stream: MediaStream | null = null;
  #watch: LevelWatch | null = null;
  #chosen = chosenMicrophone();

  constructor(readonly onLevel: (share: number, proof: "heard" | "quiet" | null) => void) {}

  /** The id of the device that was chosen, or an empty string for the system's default. */
  get chosen(): string {
    return this.#chosen;
  }

  get isOpen(): boolean {
    return this.#stream !== null;
  }

  /** Ask for the microphone and show its level. Throws MicError. */
  async open(deviceId = this.#chosen): Promise<Device[]> {
    this.close();
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new MicError("insecure");
    const audio: MediaTrackConstraints = {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    };
    if (deviceId) audio.deviceId = { exact: deviceId };
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      if (deviceId && troubleOf(error) === "missing") return this.open("");
      throw new MicError(troubleOf(error));
    }
    this.#chosen = deviceId;
    chooseMicrophone(deviceId);
    const proof = new Proof();
    this.#watch = new LevelWatch(this.#stream, (rms, passedMs) =>
      this.onLevel(meterShare(rms), proof.step(rms, passedMs)),
    );
    return this.devices();
  }

  /** Microphones by name; named only once permission is given. */
  async devices(): Promise<Device[]> {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all
      .filter((d) => d.kind === "audioinput" && d.deviceId !== "communications")
      .map((d, n) => ({
        id: d.deviceId === "default" ? "" : d.deviceId,
        label: d.label || `Microphone ${n + 1}`,
      }));
  }

  close(): void {
    this.#watch?.stop();
    this.#watch = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }
}
