/** Small habits of components that are not worth an element of their own. All listen on the document, so swaps need nothing. */
export function watchComponents(): void {
  if (!("commandForElement" in HTMLButtonElement.prototype)) document.addEventListener("click", obeyCommand);
  document.addEventListener("input", followSlider);
  for (const slider of document.querySelectorAll<HTMLInputElement>("input[type=range]")) paintSlider(slider);
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "range") paintSlider(event.target);
  });
  document.addEventListener("click", copy);
  watchHovers();
}

/** What `command` and `commandfor` do, for browsers that do not know them yet. */
function obeyCommand(event: Event): void {
  const button = (event.target as Element | null)?.closest<HTMLElement>("button[commandfor]");
  const dialog = document.getElementById(button?.getAttribute("commandfor") ?? "");
  if (!button || !(dialog instanceof HTMLDialogElement)) return;
  if (button.getAttribute("command") === "show-modal") dialog.showModal();
  if (button.getAttribute("command") === "close") dialog.close();
}

function followSlider(event: Event): void {
  if (event.target instanceof HTMLInputElement && event.target.type === "range") paintSlider(event.target);
}

/** Fill the track up to the thumb and say the value in the slider's output. */
export function paintSlider(slider: HTMLInputElement): void {
  const low = Number(slider.min || 0);
  const span = Number(slider.max || 100) - low;
  slider.style.setProperty("--slider-value", `${span ? ((Number(slider.value) - low) / span) * 100 : 0}%`);
  const output = slider.id
    ? document.querySelector<HTMLOutputElement>(`output[for="${CSS.escape(slider.id)}"]`)
    : null;
  const words = `${slider.value} ${output?.dataset.unit ?? ""}`.trim();
  if (output && output.textContent !== words) output.textContent = words;
  slider.setAttribute("aria-valuetext", words);
}

async function copy(event: Event): Promise<void> {
  const button = (event.target as Element | null)?.closest<HTMLElement>("[data-copies], [data-copies-from]");
  if (!button) return;
  const from = button.dataset.copiesFrom;
  const text = from ? (document.getElementById(from)?.innerText ?? "") : (button.dataset.copies ?? "");
  const label = button.querySelector<HTMLElement>("[aria-live]");
  const before = label?.textContent ?? "Copy";
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(text);
    button.dataset.copied = "";
  } catch {
    said = "Copying is blocked here; select the text instead";
  }
  if (!label) return;
  label.textContent = said;
  setTimeout(() => {
    label.textContent = before;
    delete button.dataset.copied;
  }, 2000);
}

const OPENS_AFTER_MS = { hovers: 350, tips: 250 };
const CLOSES_AFTER_MS = 150;

/** `data-hovers` and `data-tips` name a popover that shows while the pointer or the focus is on them, or on it. */
function watchHovers(): void {
  let timer = 0;
  let shown: { trigger: Element; panel: HTMLElement } | null = null;

  const hide = (): void => {
    clearTimeout(timer);
    if (shown?.panel.isConnected && shown.panel.matches(":popover-open")) shown.panel.hidePopover();
    shown = null;
  };
  const enter = (event: Event): void => {
    const at = event.target as Element | null;
    if (shown && (shown.trigger.contains(at) || shown.panel.contains(at))) {
      clearTimeout(timer);
      return;
    }
    const trigger = at?.closest<HTMLElement>("[data-hovers], [data-tips]");
    const panel = document.getElementById(trigger?.dataset.hovers ?? trigger?.dataset.tips ?? "");
    if (!trigger || !panel) return;
    clearTimeout(timer);
    const wait = event.type === "focusin" ? 0 : OPENS_AFTER_MS[trigger.dataset.tips ? "tips" : "hovers"];
    timer = window.setTimeout(() => {
      hide();
      const source = (trigger.dataset.tips ? trigger.firstElementChild : trigger) as HTMLElement | null;
      if (!panel.isConnected || panel.matches(":popover-open")) return;
      panel.showPopover({ source: source ?? trigger });
      shown = { trigger, panel };
    }, wait);
  };
  const leave = (event: Event): void => {
    const at = event.target as Element | null;
    if (!at?.closest("[data-hovers], [data-tips], [popover]")) return;
    clearTimeout(timer);
    timer = window.setTimeout(hide, CLOSES_AFTER_MS);
  };
  document.addEventListener("pointerover", enter);
  document.addEventListener("pointerout", leave);
  document.addEventListener("focusin", enter);
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
