import { find } from "../../lib/dom";
import { Call, type Wish } from "./call";
import { type Caption, withCaption } from "./captions";
import type { Listener } from "./connection";
import { endWords, type ServerMessage } from "./messages";
import { type Device, MicError, Microphone } from "./microphone";
import { type Event, isAtRisk, mayStart, next, type State, start } from "./state";
import { type Labels, markup, render, renderCaptions, statusWords } from "./view";

/**
 * The live call. Attributes: `scenario`, `start-url`, `buyer` (the persona's name), `goal`, `transport` (auto, webrtc, websocket).
 * Fires `call-state` (detail: the phase) whenever the phase changes.
 */
class CallPlayer extends HTMLElement {
  #state: State = start;
  #captions: Caption[] = [];
  #devices: Device[] = [];
  #note = "";
  #call: Call | null = null;
  #tick: ReturnType<typeof setInterval> | undefined;
  readonly #mic = new Microphone((share, proof) => {
    this.#showMeter(share);
    if (proof) this.#send({ type: proof });
  });
  readonly #listener: Listener = {
    onMessage: (message) => this.#hear(message),
    onDropped: () => {
      this.#send({ type: "dropped", nowMs: Date.now() });
      if (this.#state.phase === "reconnecting") void this.#call?.reconnect();
    },
    onMicTrouble: () => {
      this.#note = "The microphone stopped. Check that it is plugged in; the buyer cannot hear you.";
      this.#draw();
    },
    onLevel: (share) => find(this, "[data-orb]").style.setProperty("--level", share.toFixed(2)),
  };

  get #labels(): Labels {
    return { buyer: this.getAttribute("buyer") || "The buyer", goal: this.getAttribute("goal") ?? "" };
  }

  connectedCallback(): void {
    this.innerHTML = markup(this.#labels);
    this.addEventListener("click", this.#onClick);
    this.addEventListener("change", this.#onChange);
    find(this, "[data-dialog]").addEventListener("cancel", this.#onCancel);
    addEventListener("beforeunload", this.#onBeforeUnload);
    addEventListener("pagehide", this.#onPageHide);
    navigator.mediaDevices?.addEventListener("devicechange", this.#onDeviceChange);
    if (!window.isSecureContext) this.#send({ type: "mic", mic: { kind: "trouble", trouble: "insecure" } });
    else void this.#openIfAllowed();
    this.#draw();
  }

  disconnectedCallback(): void {
    clearInterval(this.#tick);
    this.#mic.close();
    void this.#call?.close();
    removeEventListener("beforeunload", this.#onBeforeUnload);
    removeEventListener("pagehide", this.#onPageHide);
    navigator.mediaDevices?.removeEventListener("devicechange", this.#onDeviceChange);
  }

  #send(event: Event): void {
    const before = this.#state;
    this.#state = next(before, event);
    if (this.#state === before) return;
    if (this.#state.phase !== before.phase) this.#enter(before);
    else this.#sayStatus(before);
    this.#draw();
  }

  #enter(before: State): void {
    const { phase } = this.#state;
    this.dataset.phase = phase;
    this.#sayStatus(before);
    clearInterval(this.#tick);
    if (phase === "reconnecting") this.#tick = setInterval(() => this.#draw(), 500);
    if (phase === "live") this.#note = "";
    if (phase === "starting")
      queueMicrotask(() => find(this, "[data-captions]").focus({ preventScroll: true }));
    if (this.#state.phase === "ended") this.#finish(this.#state.reviewUrl);
    this.dispatchEvent(new CustomEvent("call-state", { bubbles: true, detail: phase }));
  }

  #finish(reviewUrl: string): void {
    setTimeout(() => void this.#call?.close(), 600); // the buyer's last word may still be playing
    queueMicrotask(() => find(this, "#ended-title").focus());
    setTimeout(() => location.assign(reviewUrl), 2500);
  }

  /** Tell a screen reader what changed, once per change. */
  #sayStatus(before: State): void {
    const buyer = this.#labels.buyer;
    const words =
      this.#state.phase === "ended"
        ? endWords(this.#state.reason)
        : statusWords(this.#state, buyer, Date.now());
    if (words && words !== statusWords(before, buyer, Date.now()))
      find(this, "[data-say]").textContent = words;
  }

  #hear(message: ServerMessage): void {
    switch (message.type) {
      case "caption":
        this.#captions = withCaption(this.#captions, message);
        renderCaptions(this, this.#captions, this.#labels.buyer);
        break;
      case "status":
        if (message.state !== "ended") this.#send({ type: "status", status: message.state });
        break;
      case "talk":
        this.#send({ type: "talk", repS: message.repS, buyerS: message.buyerS });
        break;
      case "timer":
        this.#send({ type: "timer", elapsedS: message.elapsedS, limitS: message.limitS });
        break;
      case "note":
        this.#note = message.text;
        this.#draw();
        break;
      case "ended":
        this.#send({ type: "ended", reason: message.reason });
    }
  }

  async #openIfAllowed(): Promise<void> {
    const permission = await navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .catch(() => null);
    if (permission?.state === "granted") await this.#openMic();
    permission?.addEventListener("change", () => {
      if (permission.state === "granted" && this.#state.phase === "ready" && !this.#mic.isOpen)
        void this.#openMic();
    });
  }

  async #openMic(deviceId?: string): Promise<void> {
    this.#send({ type: "mic", mic: { kind: "asking" } });
    try {
      this.#devices = await this.#mic.open(deviceId);
      this.#send({ type: "mic", mic: { kind: "ok" } });
    } catch (error) {
      const trouble = error instanceof MicError ? error.trouble : "unknown";
      this.#send({ type: "mic", mic: { kind: "trouble", trouble } });
    }
  }

  async #start(): Promise<void> {
    if (!mayStart(this.#state)) {
      const field =
        this.#state.phase === "ready" && !this.#state.checks.consent ? "[data-consent]" : '[data-do="mic"]';
      this.querySelector<HTMLElement>(field)?.focus();
      return;
    }
    this.#send({ type: "start" });
    this.#mic.close(); // the call opens its own stream
    this.#captions = [];
    renderCaptions(this, [], this.#labels.buyer);
    const query = new URLSearchParams(location.search).get("transport");
    const wish = query ?? this.getAttribute("transport") ?? "auto";
    this.#call = new Call(
      {
        state: () => this.#state,
        send: (event) => this.#send(event),
        listener: this.#listener,
        audio: find<HTMLAudioElement>(this, "audio"),
        micId: () => this.#mic.chosen,
      },
      (wish === "webrtc" || wish === "websocket" ? wish : "auto") satisfies Wish,
    );
    await this.#call.start(
      this.getAttribute("start-url") ?? "/api/calls/start",
      this.getAttribute("scenario") ?? "",
    );
    if (this.#state.phase === "ready") await this.#openMic();
  }

  readonly #onClick = (event: MouseEvent): void => {
    const action = (event.target as Element | null)?.closest<HTMLElement>("[data-do]")?.dataset.do;
    if (action === "mic") void this.#openMic();
    if (action === "start") void this.#start();
    if (action === "mute" && this.#state.phase === "live") {
      const muted = !this.#state.muted;
      this.#call?.setMuted(muted);
      this.#send({ type: "mute", muted });
    }
    if (action === "ask-end")
      this.#send(this.#state.phase === "live" ? { type: "ask-end" } : { type: "end" });
    if (action === "keep-talking") this.#send({ type: "keep-talking" });
    if (action === "end") this.#send({ type: "end" });
    if (this.#state.phase === "ending" && (action === "end" || action === "ask-end")) void this.#call?.end();
  };

  readonly #onChange = (event: globalThis.Event): void => {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.matches("[data-consent]")) {
      this.#send({ type: "consent", given: target.checked });
    }
    if (target instanceof HTMLSelectElement && target.matches("[data-device]"))
      void this.#openMic(target.value);
  };

  readonly #onCancel = (event: globalThis.Event): void => {
    event.preventDefault();
    this.#send({ type: "keep-talking" });
  };

  readonly #onBeforeUnload = (event: BeforeUnloadEvent): void => {
    if (isAtRisk(this.#state)) event.preventDefault();
  };

  readonly #onPageHide = (): void => {
    if (this.#state.phase === "connecting") void this.#call?.abandon();
  };

  readonly #onDeviceChange = async (): Promise<void> => {
    if (this.#state.phase !== "ready" || !this.#mic.isOpen) return;
    this.#devices = await this.#mic.devices();
    this.#draw();
  };

  #showMeter(share: number): void {
    const meter = this.querySelector<HTMLElement>("[data-meter]");
    meter?.style.setProperty("--level", share.toFixed(3));
    meter?.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }

  #draw(): void {
    render(
      this,
      {
        state: this.#state,
        captions: this.#captions,
        devices: this.#devices,
        micId: this.#mic.chosen,
        note: this.#note,
        nowMs: Date.now(),
      },
      this.#labels,
    );
  }
}

customElements.define("call-player", CallPlayer);
