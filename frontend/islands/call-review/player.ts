import WaveSurfer from "wavesurfer.js";
import { MediaLink } from "./media";
import { isPast, type Span } from "./sync";

export interface Hooks {
  onTime(seconds: number): void;
  onPlaying(playing: boolean): void;
  onProblem(words: string): void;
}

export interface Source {
  url: string;
  renewUrl: string;
  durationS: number;
  peaks: number[][];
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Rep above in cobalt, buyer below in terracotta. */
function channels(): { waveColor: string; progressColor: string; overlay: boolean }[] {
  const faded = (name: string): string => `color-mix(in oklab, ${token(name)} 55%, ${token("--card")})`;
  return ["--rep", "--buyer"].map((name) => ({
    waveColor: faded(name),
    progressColor: token(name),
    overlay: false,
  }));
}

/** The stereo recording with its waveform. Plays spans, and renews its address when that has expired. */
export class Player {
  readonly #audio = new Audio();
  readonly #wave: WaveSurfer;
  readonly #link: MediaLink;
  #only: Span | null = null;
  #triedAgain = false;

  constructor(
    container: HTMLElement,
    private readonly source: Source,
    private readonly hooks: Hooks,
  ) {
    this.#link = new MediaLink(source.url, source.renewUrl);
    this.#audio.preload = "metadata";
    this.#wave = WaveSurfer.create({
      container,
      cspNonce: document.querySelector<HTMLElement>("script[nonce]")?.nonce ?? "",
      media: this.#audio,
      height: 44,
      barWidth: 2,
      barGap: 1.5,
      barRadius: 2,
      barMinHeight: 1,
      cursorColor: token("--foreground"),
      cursorWidth: 1.5,
      normalize: true,
      dragToSeek: true,
      splitChannels: channels(),
    });
    this.#wave.on("timeupdate", (seconds) => this.#time(seconds));
    this.#wave.on("interaction", () => {
      this.#only = null;
    });
    this.#wave.on("play", () => hooks.onPlaying(true));
    this.#wave.on("pause", () => hooks.onPlaying(false));
    this.#wave.on("finish", () => hooks.onPlaying(false));
    this.#audio.addEventListener("error", this.#onError);
    this.#audio.addEventListener("canplay", () => {
      this.#triedAgain = false;
    });
    void this.#load(source.url);
  }

  get isPlaying(): boolean {
    return this.#wave.isPlaying();
  }

  get seconds(): number {
    return this.#wave.getCurrentTime();
  }

  /** Play from `seconds`; with `only`, stop at the end of that span. */
  play(seconds: number, only: Span | null = null): void {
    this.#only = only;
    this.#wave.setTime(seconds);
    void this.#wave.play().catch(() => undefined); // a failure to load comes through `error`
  }

  toggle(): void {
    this.#only = null;
    void this.#wave.playPause().catch(() => undefined);
  }

  skip(seconds: number): void {
    this.#only = null;
    this.#wave.setTime(Math.max(0, Math.min(this.source.durationS, this.seconds + seconds)));
  }

  setRate(rate: number): void {
    this.#wave.setPlaybackRate(rate, true);
  }

  recolour(): void {
    this.#wave.setOptions({ splitChannels: channels(), cursorColor: token("--foreground") });
  }

  destroy(): void {
    this.#audio.removeEventListener("error", this.#onError);
    this.#wave.destroy();
    this.#audio.removeAttribute("src");
  }

  #load(url: string): Promise<void> {
    const peaks = this.source.peaks.every((channel) => channel.length > 0) ? this.source.peaks : undefined;
    return this.#wave.load(url, peaks, peaks ? this.source.durationS : undefined).catch(() => undefined);
  }

  #time(seconds: number): void {
    if (isPast(this.#only, seconds)) {
      this.#only = null;
      this.#wave.pause();
    }
    this.hooks.onTime(seconds);
  }

  readonly #onError = async (): Promise<void> => {
    if (this.#triedAgain) {
      this.hooks.onProblem("The recording cannot be played. Reload the page in a moment.");
      return;
    }
    this.#triedAgain = true;
    const at = this.seconds;
    const wasPlaying = !this.#audio.paused;
    const only = this.#only;
    try {
      await this.#load(await this.#link.renew());
      if (at > 0) this.#wave.setTime(at);
      if (wasPlaying) this.play(at, only);
    } catch (error) {
      this.hooks.onProblem(error instanceof Error ? error.message : String(error));
    }
  };
}
