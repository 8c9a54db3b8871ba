import checkSvg from "lucide-static/icons/check.svg?raw";
import alertSvg from "lucide-static/icons/triangle-alert.svg?raw";
import { find, icon } from "../../lib/dom";
import type { Device } from "./microphone";
import { type Checks, type MicTrouble, mayStart, type State } from "./state";

/** What went wrong with the microphone, and the way out. */
export const TROUBLE: Record<MicTrouble, { title: string; help: string }> = {
  blocked: {
    title: "The browser blocks the microphone",
    help: "Click the icon at the left end of the address bar, allow the microphone for this site, then press Try again. If it is allowed there, look in your system's privacy settings.",
  },
  missing: {
    title: "No microphone found",
    help: "Plug in a headset or a microphone, then press Try again.",
  },
  busy: {
    title: "Another program uses the microphone",
    help: "Close other calls and recorders, then press Try again.",
  },
  insecure: {
    title: "This page is not on a secure address",
    help: "Browsers give the microphone only to https:// addresses and to localhost. Open Parley over https://, or ask whoever runs it to start it with bin/up --https.",
  },
  unknown: {
    title: "The microphone does not answer",
    help: "Unplug it and plug it in again, or choose another one, then press Try again.",
  },
};

function shell(): string {
  return `<div class="alert mb-4" data-variant="destructive" role="alert" data-problem hidden></div>
  <ol class="steps">
    <li class="step" data-step="consent"><span class="mark" aria-hidden="true">1</span><div>
      <h3 class="font-sans text-sm font-semibold">Recording</h3>
      <label class="mt-1.5 flex cursor-pointer items-start gap-3 text-sm"><input type="checkbox" class="input mt-1" data-consent>
        <span>I agree to the recording of this call.</span></label>
      <p class="text-muted-foreground mt-2 max-w-[62ch] text-sm" data-consent-text></p></div></li>
    <li class="step" data-step="mic"><span class="mark" aria-hidden="true">2</span><div class="min-w-0">
      <h3 class="font-sans text-sm font-semibold">Microphone</h3>
      <div data-mic-idle class="mt-1.5"><p class="text-muted-foreground mb-3 text-sm">The browser will ask for your permission.</p>
        <button type="button" class="btn" data-variant="outline" data-do="mic">Allow the microphone</button></div>
      <p data-mic-asking class="text-muted-foreground mt-1.5 text-sm" hidden>Answer the browser's question about the microphone…</p>
      <div data-mic-ok class="mt-2 flex max-w-md flex-col gap-3" hidden>
        <select class="select w-full!" aria-label="Microphone" data-device></select>
        <div><div class="meter" role="meter" aria-label="Microphone level" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0" data-meter><span></span></div>
          <p class="mt-2 flex items-center gap-1.5 text-sm" data-proof></p></div></div>
      <div data-mic-trouble class="mt-2" role="alert" hidden><p class="text-destructive text-sm font-medium" data-trouble-title></p>
        <p class="text-muted-foreground mt-1 mb-3 text-sm" data-trouble-help></p>
        <button type="button" class="btn" data-variant="outline" data-do="mic">Try again</button></div>
    </div></li></ol>`;
}

function mark(root: HTMLElement, name: string, number: number, done: boolean): void {
  const step = find(root, `[data-step="${name}"]`);
  if (step.hasAttribute("data-done") === done && step.dataset.seen) return;
  step.dataset.seen = "1";
  step.toggleAttribute("data-done", done);
  find(step, ".mark").innerHTML = done ? icon(checkSvg) : String(number);
}

function proofWords(checks: Checks): string {
  if (checks.heard) return `${icon(checkSvg, "text-good")}<span>We hear you.</span>`;
  if (checks.quietTooLong) {
    return `${icon(alertSvg, "text-watch")}<span>We have not heard you yet. Say something, or choose another microphone.</span>`;
  }
  return "<span>Say a few words: the bar must move.</span>";
}

/** Bring the two checks and the start button into line with the state. */
export function renderChecks(
  root: HTMLElement,
  state: State,
  devices: readonly Device[],
  micId: string,
): void {
  if (state.phase !== "ready") return;
  const box = find(root, "[data-checks]");
  if (!box.firstElementChild) {
    box.innerHTML = shell();
    find(box, "[data-consent-text]").textContent =
      root.getAttribute("consent") ||
      "The recording and the transcript are used to score the call and to coach you.";
  }
  const { checks } = state;
  const { mic } = checks;

  const problem = find(box, "[data-problem]");
  problem.hidden = !state.problem;
  problem.textContent = state.problem ?? "";

  const consent = find<HTMLInputElement>(box, "[data-consent]");
  if (consent.checked !== checks.consent) consent.checked = checks.consent;
  mark(root, "consent", 1, checks.consent);
  mark(root, "mic", 2, mic.kind === "ok" && checks.heard);

  for (const kind of ["idle", "asking", "ok", "trouble"])
    find(box, `[data-mic-${kind}]`).hidden = mic.kind !== kind;
  if (mic.kind === "trouble") {
    find(box, "[data-trouble-title]").textContent = TROUBLE[mic.trouble].title;
    find(box, "[data-trouble-help]").textContent = TROUBLE[mic.trouble].help;
  }
  const proof = find(box, "[data-proof]");
  const words = proofWords(checks);
  if (proof.dataset.words !== words) {
    proof.dataset.words = words;
    proof.innerHTML = words;
  }
  renderDevices(find<HTMLSelectElement>(box, "[data-device]"), devices, micId);

  const ready = mayStart(state);
  find(root, '[data-do="start"]').setAttribute("aria-disabled", String(!ready));
  find(root, "[data-start-help]").textContent = ready ? "" : whatIsMissing(checks);
}

function whatIsMissing(checks: Checks): string {
  if (!checks.consent) return "First agree to the recording.";
  return checks.mic.kind === "ok" ? "Say something so that the bar moves." : "First allow the microphone.";
}

function option(device: Device): HTMLOptionElement {
  const element = document.createElement("option");
  element.value = device.id;
  element.textContent = device.label;
  return element;
}

function renderDevices(select: HTMLSelectElement, devices: readonly Device[], micId: string): void {
  const wanted = devices.map((d) => `${d.id}|${d.label}`).join("\n");
  if (select.dataset.devices !== wanted) {
    select.dataset.devices = wanted;
    select.replaceChildren(...devices.map(option));
  }
  if (devices.some((d) => d.id === micId)) select.value = micId;
}
