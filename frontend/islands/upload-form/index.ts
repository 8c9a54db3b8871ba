/**
 * Sends the form inside it with progress. The server's answer decides: another address is opened, the same page with its
 * errors takes this one's place. Without JavaScript the form is an ordinary one.
 */
export class UploadForm extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", this.#send);
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.#send);
  }

  readonly #send = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (sent) => this.#show(sent.loaded, sent.total));
    request.addEventListener("load", () => this.#answered(request, form));
    request.addEventListener("error", () =>
      this.#failed("The upload broke off. Check your connection and try again."),
    );
    this.#busy(true);
    request.send(new FormData(form));
  };

  #answered(request: XMLHttpRequest, form: HTMLFormElement): void {
    if (request.responseURL && request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const fresh = page.querySelector("upload-form form");
    if (!fresh) {
      this.#failed("The server could not take this file. Try again, or ask whoever runs this installation.");
      return;
    }
    // A file field cannot be filled by a page, so the one with the chosen file moves over.
    const chosen = form.querySelector("input[type=file]");
    const empty = fresh.querySelector("input[type=file]");
    if (chosen && empty) empty.replaceWith(chosen);
    form.replaceWith(fresh);
    this.querySelector<HTMLElement>("[data-invalid] input, [data-invalid] select")?.focus();
  }

  #show(loaded: number, total: number): void {
    const percent = total > 0 ? Math.round((100 * loaded) / total) : 0;
    const bar = this.querySelector("progress");
    if (bar) bar.value = percent;
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = percent < 100 ? `${percent} % sent` : "Sent; one moment";
  }

  #failed(words: string): void {
    this.#busy(false);
    const problem = this.querySelector<HTMLElement>("[data-problem]");
    if (!problem) return;
    problem.textContent = words;
    problem.hidden = false;
  }

  #busy(busy: boolean): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[type=submit]"))
      button.disabled = busy;
    const box = this.querySelector<HTMLElement>("[data-progress]");
    if (box) box.hidden = !busy;
  }
}

customElements.define("upload-form", UploadForm);
