/** A recording behind a signed address that expires: asks for a fresh one when the old one stops working. */
export class MediaLink {
  #renewing: Promise<string> | null = null;

  constructor(
    public url: string,
    readonly renewUrl: string,
  ) {}

  /** A fresh address. Several askers at once share one request. Throws with words for the person. */
  renew(): Promise<string> {
    this.#renewing ??= this.#ask().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #ask(): Promise<string> {
    const response = await fetch(this.renewUrl, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    });
    if (!response.ok) {
      throw new Error(
        response.status === 401 || response.status === 403
          ? "You are signed out. Sign in again to hear the recording."
          : "The recording cannot be opened right now. Reload the page in a moment.",
      );
    }
    const url = urlIn(await response.json());
    if (!url) throw new Error("The recording is no longer stored.");
    this.url = url;
    return url;
  }
}

/** The recording's address in the answer of the server: `{"recording": {"url"}}` or `{"url"}`. */
export function urlIn(answer: unknown): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { recording, url } = answer as { recording?: unknown; url?: unknown };
  if (typeof url === "string") return url;
  return recording ? urlIn(recording) : null;
}
