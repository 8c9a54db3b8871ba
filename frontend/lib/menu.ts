/** The keys of a menu by the WAI-ARIA pattern: arrows, Home and End, and the first letters of an item. */
export function menuItems(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')].filter(
    (item) => item.getAttribute("aria-disabled") !== "true",
  );
}

/** Where the focus goes from `here` among `count` things with `key`; null when the key says nothing. */
export function step(
  key: string,
  here: number,
  count: number,
  back = "ArrowUp",
  on = "ArrowDown",
): number | null {
  if (count === 0) return null;
  if (key === on) return (here + 1) % count;
  if (key === back) return here <= 0 ? count - 1 : here - 1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}

/** Move within an open menu; true when the key was one of the menu's. */
export function moveInMenu(menu: Element, key: string): boolean {
  const items = menuItems(menu);
  const here = items.indexOf(document.activeElement as HTMLElement);
  let next = step(key, here, items.length);
  if (next === null && key.length === 1 && key !== " ") {
    const letters = key.toLocaleLowerCase();
    const after = [...items.slice(here + 1), ...items.slice(0, here + 1)];
    const found = after.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letters));
    next = found ? items.indexOf(found) : null;
  }
  if (next === null) return false;
  items[next]?.focus();
  return true;
}
