import { escapeHtml, find } from "../../lib/dom";
import { chosenMicrophone } from "../../lib/microphone-choice";
import { TROUBLE } from "../call-player/checks";
import { type Device, MicError, Microphone } from "../call-player/microphone";

/** Choose a microphone and see that it hears; the player opens the chosen one. */
class MicrophoneChoice extends HTMLElement {
  readonly #mic = new Microphone((share, proof) => this.#level(share, proof));

  connectedCallback(): void {
    this.innerHTML = `<button type="button" class="btn" data-variant="outline">Test the microphone</button>
      <div data-open hidden class="flex flex-col gap-3">
        <div class="field"><label for="microphone-device">Microphone</label><select class="select" id="microphone-device"></select></div>
        <progress class="w-full" max="100" value="0" aria-label="Microphone level"></progress>
        <div><button type="button" class="btn" data-variant="outline" data-stop>Stop the test</button></div>
      </div>
      <p class="text-muted-foreground mt-3 text-sm" role="status" data-note></p>`;
    find(this, "button").addEventListener("click", () => void this.#open(chosenMicrophone()));
    find(this, "[data-stop]").addEventListener("click", () => this.#stop());
    find<HTMLSelectElement>(this, "select").addEventListener("change", (event) => {
      void this.#open((event.target as HTMLSelectElement).value);
    });
  }

  disconnectedCallback(): void {
    this.#mic.close();
  }

  async #open(id: string): Promise<void> {
    this.#say("Answer the browser's question about the microphone…");
    try {
      this.#list(await this.#mic.open(id));
    } catch (error) {
      const trouble = TROUBLE[error instanceof MicError ? error.trouble : "unknown"];
      this.#say(`${trouble.title}. ${trouble.help}`);
      return;
    }
    find(this, "button").hidden = true;
    find(this, "[data-open]").hidden = false;
    this.#say("Say something: the bar should move.");
  }

  #list(devices: Device[]): void {
    const select = find<HTMLSelectElement>(this, "select");
    select.innerHTML = devices
      .map((d) => `<option value="${escapeHtml(d.id)}">${escapeHtml(d.label)}</option>`)
      .join("");
    select.value = this.#mic.chosen;
  }

  #level(share: number, proof: "heard" | "quiet" | null): void {
    find<HTMLProgressElement>(this, "progress").value = Math.round(share * 100);
    if (proof === "heard") this.#say("We hear you.");
    if (proof === "quiet")
      this.#say("We have not heard you yet. Say something, or choose another microphone.");
  }

  #stop(): void {
    this.#mic.close();
    find(this, "[data-open]").hidden = true;
    find(this, "button").hidden = false;
    this.#say("");
  }

  #say(words: string): void {
    find(this, "[data-note]").textContent = words;
  }
}

customElements.define("microphone-choice", MicrophoneChoice);
