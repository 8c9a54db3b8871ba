/** What the components of the design system load, each when a page first has one. The key is an element or a selector. */

/** A script of Basecoat that comes after its start: what is already on the page has to be told. */
async function fromBasecoat(name: string, load: () => Promise<unknown>): Promise<void> {
  await load();
  window.basecoat.init(name);
}

export const components: Record<string, () => Promise<unknown>> = {
  ".tabs": () => fromBasecoat("tabs", () => import("basecoat-css/tabs")),
  "data-chart": () => import("./islands/data-chart"),
  "combo-box": () =>
    fromBasecoat("combobox", () => import("basecoat-css/combobox")).then(() => import("./islands/combo-box")),
  "date-picker": () => import("./islands/month-calendar"),
  "month-calendar": () => import("./islands/month-calendar"),
  "resize-panels": () => import("./islands/resize-panels"),
  "context-menu": () => import("./islands/context-menu"),
  "menu-bar": () => import("./islands/menu-bar"),
  "snap-carousel": () => import("./islands/snap-carousel"),
  "pixel-background": () => import("./islands/pixel-background"),
  "pixel-blast": () => import("./islands/pixel-blast"),
};
