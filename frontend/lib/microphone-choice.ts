const KEY = "microphone";

/** The microphone that was chosen in this browser; empty for the system's own. */
export function chosenMicrophone(): string {
  return localStorage.getItem(KEY) ?? "";
}

/** Remember a microphone in this browser. */
export function chooseMicrophone(id: string): void {
  if (id) localStorage.setItem(KEY, id);
  else localStorage.removeItem(KEY);
}
