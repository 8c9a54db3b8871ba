/** The one element that `selector` names inside `root`; a missing one is our mistake, so it throws. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (!element) throw new Error(`Nothing matches ${selector}.`);
  return element;
}

/** Text that is safe inside markup and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A Lucide icon as markup, hidden from screen readers. */
export function icon(svg: string, classes = ""): string {
  return svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .trim()
    .replace(/class="[^"]*"/, `class="icon ${classes}" aria-hidden="true" focusable="false"`);
}

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}
