/** Load an island's code when its element first appears, on the page or after an HTMX swap. */
export function defineWhenSeen(islands: Record<string, () => Promise<unknown>>): void {
  const waiting = new Map(Object.entries(islands));
  const look = (): void => {
    for (const [name, load] of waiting) {
      if (!document.querySelector(name)) continue;
      waiting.delete(name);
      load().catch((error: unknown) => {
        console.error(`The island <${name}> did not load.`, error);
        for (const element of document.querySelectorAll(name)) element.setAttribute("data-failed", "");
      });
    }
    if (waiting.size === 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.documentElement, { childList: true, subtree: true });
  look();
}
