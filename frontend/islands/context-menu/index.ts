import { menuItems, moveInMenu } from "../../lib/menu";

/** Shows its menu where the pointer or the focus is: right click, long press, the menu key or Shift+F10. */
class ContextMenu extends HTMLElement {
  connectedCallback(): void {
    const menu = this.querySelector<HTMLElement>('[role="menu"]');
    if (!menu) return;
    let before: HTMLElement | null = null;
    this.addEventListener("contextmenu", (event) => {
      if (menu.contains(event.target as Node)) return;
      event.preventDefault();
      before = document.activeElement as HTMLElement | null;
      this.#open(menu, event);
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Tab") menu.hidePopover();
      else if (moveInMenu(menu, event.key)) event.preventDefault();
    });
    menu.addEventListener("click", () => menu.hidePopover());
    menu.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") before?.focus();
    });
  }

  #open(menu: HTMLElement, event: MouseEvent): void {
    const byKey = event.clientX === 0 && event.clientY === 0;
    const box = (event.target as Element).getBoundingClientRect();
    const x = byKey ? box.left + 12 : event.clientX;
    const y = byKey ? box.top + box.height / 2 : event.clientY;
    menu.dataset.atPointer = "";
    menu.showPopover();
    const size = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(y, innerHeight - size.height - 8))}px`;
    menuItems(menu)[0]?.focus();
  }
}

customElements.define("context-menu", ContextMenu);
