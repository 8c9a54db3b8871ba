/** What happens when a part of a page cannot be loaded: it is said, and there is a way on. Parts that read themselves again by time stay silent. */

interface Asked {
  ctx?: { sourceElement?: Element; sourceEvent?: Event; response?: { status: number } };
}

const SENTENCES: Record<number, string> = {
  401: "You are signed out. Reload the page to sign in again.",
  403: "You may not do this, or the page was open for too long. Reload it and try once more.",
  404: "What this was about is not there any more. Reload the page.",
  413: "That is too large to send.",
  503: "Parley is being worked on. Try again in a few minutes.",
};

/** Why it failed, for a person; `0` when nobody answered. */
export function reason(status: number): string {
  if (status === 0) return "Nobody answered. Check your connection and try again.";
  return SENTENCES[status] ?? "Something went wrong on our side. Nothing was changed; try again in a moment.";
}

/** Show a toast. Errors stay until they are closed, and are told at once. */
export function toast(category: "success" | "error", title: string, description = ""): void {
  const config = { category, title, description, duration: category === "error" ? -1 : 6000 };
  document.dispatchEvent(new CustomEvent("basecoat:toast", { detail: { config } }));
}

function apologise(part: HTMLElement, words: string): void {
  const said = document.createElement("p");
  said.className = "p-6 text-sm";
  said.setAttribute("role", "alert");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "link ms-2 cursor-pointer";
  again.textContent = "Try again";
  again.addEventListener("click", () => part.dispatchEvent(new CustomEvent("again")));
  said.append(words, again);
  part.replaceChildren(said);
}

function tellFailure({ detail }: CustomEvent<Asked>): void {
  const part = detail.ctx?.sourceElement;
  const by = detail.ctx?.sourceEvent;
  if (!(part instanceof HTMLElement)) return;
  const words = reason(detail.ctx?.response?.status ?? 0);
  if (part.querySelector(".skeleton")) apologise(part, words);
  else if (by?.isTrusted) toast("error", "That did not work", words);
}

/** Listen for parts that fail. */
export function watchParts(): void {
  for (const name of ["htmx:response:error", "htmx:error"]) {
    document.addEventListener(name, (event) => tellFailure(event as CustomEvent<Asked>));
  }
}

/** A form that was sent shows that it is under way and is not sent twice. Coming back to the page frees it. */
export function watchSending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sending !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]")) {
      delete form.dataset.sending;
      form.querySelector("[aria-busy=true]")?.removeAttribute("aria-busy");
    }
  });
}
