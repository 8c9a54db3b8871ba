function apology(): HTMLElement {
  const words = document.createElement("p");
  words.className = "alert mb-4";
  words.setAttribute("role", "alert");
  words.textContent = "This part of the page did not load. Check your connection and reload the page.";
  return words;
}

/** Load an island's code when its element first appears, on the page or after an HTMX swap. */
export function defineWhenSeen(islands: Record<string, () => Promise<unknown>>): void {
  const waiting = new Map(Object.entries(islands));
  const look = (): void => {
    for (const [name, load] of waiting) {
      if (!document.querySelector(name)) continue;
      waiting.delete(name);
      load().catch((error: unknown) => {
        console.error(`The island <${name}> did not load.`, error);
        for (const element of document.querySelectorAll(name)) element.prepend(apology());
      });
    }
    if (waiting.size === 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.documentElement, { childList: true, subtree: true });
  look();
}
