type Theme = "light" | "dark" | "system";

function storedTheme(): Theme {
  const value = localStorage.getItem("theme");
  return value === "light" || value === "dark" ? value : "system";
}

function applyTheme(theme: Theme): void {
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
  document.dispatchEvent(new CustomEvent("parley:theme", { detail: { dark } }));
}

/** Buttons with `data-theme-choice="light|dark|system"` switch the theme and remember it on this device. */
export function watchThemeSwitch(): void {
  applyTheme(storedTheme());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme(storedTheme()));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>("[data-theme-choice]");
    if (!button) return;
    const theme = button.dataset.themeChoice as Theme;
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
    applyTheme(theme);
  });
}

/** `data-opens="id"` shows a dialog; a click on its backdrop or on `data-closes` hides it. */
export function watchDrawer(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element | null;
    const opener = target?.closest<HTMLElement>("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens ?? "");
      if (!(dialog instanceof HTMLDialogElement)) return;
      event.preventDefault(); // before this script arrives, a link leads to the same
      showDialog(dialog);
      return;
    }
    if (target?.closest("[data-closes]")) target.closest("dialog")?.close();
    else if (target instanceof HTMLDialogElement && target.hasAttribute("data-light-dismiss")) target.close();
  });
}

/** `data-reveals="id"` shows or hides what was typed in a password field. */
export function watchPasswordFields(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>("[data-reveals]");
    const field = document.getElementById(button?.dataset.reveals ?? "");
    if (!button || !(field instanceof HTMLInputElement)) return;
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}

/** The sidebar narrows at once; the cookie has the server render the next page so from the start. */
export function watchSidebarWidth(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-sidebar-width]")) return;
    event.preventDefault();
    const shell = form.closest<HTMLElement>(".shell");
    const button = form.querySelector("button");
    if (!shell || !button) return;
    const narrow = shell.dataset.sidebar !== "collapsed";
    if (narrow) shell.dataset.sidebar = "collapsed";
    else delete shell.dataset.sidebar;
    button.setAttribute("aria-pressed", String(narrow));
    button.value = narrow ? "wide" : "narrow";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
    document.cookie = `sidebar=${narrow ? "collapsed" : "open"}; path=/; max-age=31536000; samesite=lax`;
  });
}

function showDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("command-menu")?.dispatchEvent(new CustomEvent("opened"));
  dialog.querySelector<HTMLInputElement>("[role=combobox]")?.select();
}

/** Ctrl or Cmd and K opens search and commands from anywhere. */
export function watchCommandKey(): void {
  document.addEventListener("keydown", (event) => {
    if (
      event.key.toLowerCase() !== "k" ||
      !(event.ctrlKey || event.metaKey) ||
      event.altKey ||
      event.shiftKey
    )
      return;
    const dialog = document.getElementById("command-menu");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) showDialog(dialog);
  });
}

/** Says when the network is gone, and keeps a form from being sent into the void: what was typed stays. */
export function watchConnection(): void {
  const notice = document.getElementById("offline");
  if (!notice) return;
  const look = (): void => {
    notice.hidden = navigator.onLine;
  };
  addEventListener("online", look);
  addEventListener("offline", look);
  look();
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    notice.hidden = false;
    notice.querySelector("p")?.focus();
  });
}

/** Keep the page for when there is no network. A browser that will not is no worse off. */
export function keepOfflinePage(): void {
  if (!("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  });
}
