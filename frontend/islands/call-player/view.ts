import micSvg from "lucide-static/icons/mic.svg?raw";
import micOffSvg from "lucide-static/icons/mic-off.svg?raw";
import phoneSvg from "lucide-static/icons/phone.svg?raw";
import phoneOffSvg from "lucide-static/icons/phone-off.svg?raw";
import { escapeHtml, find, icon } from "../../lib/dom";
import { clock, initials, spokenClock } from "../../lib/format";
import type { Caption } from "./captions";
import { renderChecks } from "./checks";
import { endWords } from "./messages";
import type { Device } from "./microphone";
import { RECONNECT_S, type State } from "./state";

export interface Scene {
  state: State;
  captions: readonly Caption[];
  devices: readonly Device[];
  micId: string;
  note: string;
  nowMs: number;
}

export interface Labels {
  buyer: string;
  goal: string;
}

/** The markup of the island, once; `render` then changes what differs. Nothing a person typed goes in unescaped. */
export function markup(labels: Labels): string {
  const buyer = escapeHtml(labels.buyer);
  return `
  <p class="sr-only" role="status" aria-live="polite" data-say></p>
  <audio autoplay hidden></audio>
  <section class="card" data-part="ready" aria-labelledby="ready-title">
    <header><h2 id="ready-title">Before you call ${buyer}</h2>
      <p>Two checks, then the phone rings. Headphones keep the buyer's voice out of your microphone.</p></header>
    <section data-checks></section>
    <footer class="flex flex-wrap items-center gap-3">
      <button type="button" class="btn" data-size="lg" data-do="start">${icon(phoneSvg)}<span data-start-label>Start the call</span></button>
      <p class="text-muted-foreground text-sm" data-start-help></p>
    </footer>
  </section>
  <section data-part="call" aria-label="Call with ${buyer}" hidden>
    <div class="call-stage">
      <div class="call-top"><span data-connection></span>
        <span><span class="sr-only">Time </span><span data-elapsed>0:00</span><span class="opacity-70"> / <span data-limit></span></span></span></div>
      <div class="orb" data-orb><span class="face" aria-hidden="true">${escapeHtml(initials(labels.buyer))}</span></div>
      <div class="text-center"><div class="font-display text-xl font-semibold text-white">${buyer}</div>
        <div class="call-status" data-status></div></div>
      <div class="talk" data-talk>
        <div class="balance" role="img" data-balance><span></span><span></span></div>
        <div class="num mt-1.5 flex justify-between text-xs"><span data-rep-share>You –</span><span data-buyer-share>${buyer} –</span></div>
      </div>
      <div class="call-controls">
        <button type="button" class="mute" data-do="mute" aria-pressed="false"><span data-mute-icon></span><span data-mute-label>Mute</span></button>
        <button type="button" class="hang" data-do="ask-end">${icon(phoneOffSvg)}End call</button>
      </div>
    </div>
    <p class="alert mt-4" role="alert" data-note hidden></p>
    <div class="card mt-4" data-flush>
      <h3 class="border-b px-4 py-2.5 font-sans text-sm font-medium">Captions</h3>
      <div class="captions" role="log" aria-live="polite" aria-relevant="additions" aria-label="Captions of the call" tabindex="0" data-captions></div>
    </div>
  </section>
  <section class="card" data-part="ended" aria-labelledby="ended-title" hidden>
    <header><h2 id="ended-title" tabindex="-1">Call over</h2><p data-end-words></p></header>
    <section class="flex items-center gap-3 text-sm"><span class="spinner" aria-hidden="true"></span>Opening your review. Scoring starts now and takes a few seconds.</section>
    <footer><a class="btn" data-review>Open the review</a></footer>
  </section>
  <dialog class="dialog" data-dialog aria-labelledby="end-title">
    <div><header><h2 id="end-title">End the call?</h2>
      <p>The call is scored as it stands. You cannot return to it.</p></header>
      <footer><button type="button" class="btn" data-variant="outline" data-do="keep-talking" autofocus>Keep talking</button>
        <button type="button" class="btn" data-variant="danger" data-do="end">End and score</button></footer></div>
  </dialog>`;
}

function show(root: HTMLElement, part: "ready" | "call" | "ended"): void {
  for (const section of root.querySelectorAll<HTMLElement>("[data-part]")) {
    section.hidden = section.dataset.part !== part;
  }
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** What the call is doing, in words. */
export function statusWords(state: State, buyer: string, nowMs: number): string {
  switch (state.phase) {
    case "starting":
      return "Dialling…";
    case "connecting":
      return state.fellBack ? "Trying another way to connect…" : "Connecting…";
    case "reconnecting": {
      const left = Math.max(0, Math.ceil(RECONNECT_S - (nowMs - state.sinceMs) / 1000));
      return `Connection lost. Reconnecting, ${left} s left…`;
    }
    case "ending":
      return "Ending the call…";
    case "live":
      if (state.muted) return "You are muted";
      if (state.status === "speaking") return `${buyer} is speaking`;
      return state.status === "thinking" ? `${buyer} is thinking` : "Listening to you";
    default:
      return "";
  }
}

/** Bring the page into line with the scene. */
export function render(root: HTMLElement, scene: Scene, labels: Labels): void {
  const { state } = scene;
  if (state.phase === "ready") {
    show(root, "ready");
    renderChecks(root, state, scene.devices, scene.micId);
    return;
  }
  if (state.phase === "ended") {
    show(root, "ended");
    setText(
      find(root, "[data-end-words]"),
      `${endWords(state.reason)} It took ${spokenClock(state.elapsedS)}.`,
    );
    find<HTMLAnchorElement>(root, "[data-review]").href = state.reviewUrl;
    return;
  }
  show(root, "call");
  renderCall(root, scene, labels);
}

function renderCall(root: HTMLElement, scene: Scene, labels: Labels): void {
  const { state } = scene;
  const words = statusWords(state, labels.buyer, scene.nowMs);
  setText(find(root, "[data-status]"), words);
  const orb = find(root, "[data-orb]");
  const live = state.phase === "live" ? state.status : "thinking";
  orb.dataset.state = state.phase === "live" && state.muted && live === "listening" ? "muted" : live;

  const inCall = state.phase === "live" || state.phase === "reconnecting" || state.phase === "ending";
  setText(find(root, "[data-elapsed]"), clock(inCall ? state.elapsedS : 0));
  const limit = inCall ? state.limitS : state.phase === "connecting" ? state.session.timeLimitS : 0;
  setText(find(root, "[data-limit]"), limit ? clock(limit) : "–");
  setText(find(root, "[data-connection]"), state.phase === "live" ? "On the call" : "");
  find(root, "[data-talk]").hidden = !inCall;
  if (inCall) renderBalance(root, state.repS, state.buyerS, labels);

  const muted = inCall && state.muted;
  const mute = find<HTMLButtonElement>(root, '[data-do="mute"]');
  mute.disabled = state.phase !== "live";
  if (mute.getAttribute("aria-pressed") !== String(muted) || !find(root, "[data-mute-icon]").innerHTML) {
    mute.setAttribute("aria-pressed", String(muted));
    find(root, "[data-mute-icon]").innerHTML = icon(muted ? micOffSvg : micSvg);
    setText(find(root, "[data-mute-label]"), muted ? "Unmute" : "Mute");
  }
  find<HTMLButtonElement>(root, '[data-do="ask-end"]').disabled = state.phase === "ending";

  const note = find(root, "[data-note]");
  note.hidden = !scene.note;
  setText(note, scene.note);
  const dialog = find<HTMLDialogElement>(root, "[data-dialog]");
  const confirming = inCall && state.confirming;
  if (confirming && !dialog.open) dialog.showModal();
  if (!confirming && dialog.open) dialog.close();
}

function renderBalance(root: HTMLElement, repS: number, buyerS: number, labels: Labels): void {
  const total = repS + buyerS;
  const rep = total > 0 ? Math.round((repS / total) * 100) : null;
  const balance = find(root, "[data-balance]");
  const [left, right] = balance.querySelectorAll<HTMLElement>("span");
  if (left) left.style.inlineSize = `${rep ?? 0}%`;
  if (right) right.style.inlineSize = `${rep === null ? 0 : 100 - rep}%`;
  setText(find(root, "[data-rep-share]"), rep === null ? "You –" : `You ${rep} %`);
  setText(
    find(root, "[data-buyer-share]"),
    rep === null ? `${labels.buyer} –` : `${labels.buyer} ${100 - rep} %`,
  );
  balance.setAttribute(
    "aria-label",
    rep === null ? "Talk balance: nobody has spoken yet" : `You have spoken ${rep} percent of the time`,
  );
}

/** Bring the captions into line and keep the newest in view. */
export function renderCaptions(root: HTMLElement, captions: readonly Caption[], buyer: string): void {
  const box = find(root, "[data-captions]");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  const old = new Map(
    [...box.children].map((child) => [child.getAttribute("data-key"), child as HTMLElement]),
  );
  let before: Element | null = null;
  for (const caption of captions) {
    const key = `${caption.i}-${caption.speaker}`;
    let line = old.get(key);
    old.delete(key);
    if (!line) {
      line = document.createElement("p");
      line.className = "caption";
      line.dataset.key = key;
      line.dataset.speaker = caption.speaker;
      const who = document.createElement("span");
      who.className = "sr-only";
      who.textContent = caption.speaker === "rep" ? "You: " : `${buyer}: `;
      line.append(who, document.createElement("span"));
    }
    const place: Element | null = before ? before.nextElementSibling : box.firstElementChild;
    if (place !== line) box.insertBefore(line, place);
    line.dataset.final = String(caption.final);
    const said = line.lastElementChild as HTMLElement;
    setText(said, caption.text);
    before = line;
  }
  for (const gone of old.values()) gone.remove();
  if (atEnd) box.scrollTop = box.scrollHeight;
}
