import "cally";

type Month = HTMLElement & { value: string; min: string; max: string; focus: (options?: object) => void };

/** One month of cally, with arrows that look like ours; dates are ISO 8601, names are the page's language. */
function month(values: { value?: string; min?: string; max?: string }): Month {
  const calendar = document.createElement("calendar-date") as Month;
  if (values.value) calendar.setAttribute("value", values.value);
  if (values.min) calendar.setAttribute("min", values.min);
  if (values.max) calendar.setAttribute("max", values.max);
  calendar.setAttribute("locale", document.documentElement.lang || "en");
  const back = document.createElement("span");
  back.slot = "previous";
  back.textContent = "←";
  const on = document.createElement("span");
  on.slot = "next";
  on.textContent = "→";
  calendar.append(back, on, document.createElement("calendar-month"));
  return calendar;
}

/** A month on the page; `value` is the chosen day and `change` bubbles. */
class MonthCalendar extends HTMLElement {
  connectedCallback(): void {
    if (!this.firstElementChild) this.append(month(this.dataset));
  }

  get value(): string {
    return this.querySelector<Month>("calendar-date")?.value ?? "";
  }
}

/** The date field inside it gets a month in its popover; the field stays what is typed in and what is sent. */
class DatePicker extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector<HTMLInputElement>("input[type=date]");
    const panel = this.querySelector<HTMLElement>("[popover]");
    if (!field || !panel) return;
    panel.addEventListener("beforetoggle", (event) => {
      if ((event as ToggleEvent).newState === "open") this.#fill(field, panel);
    });
    panel.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "open") panel.querySelector<Month>("calendar-date")?.focus();
    });
  }

  #fill(field: HTMLInputElement, panel: HTMLElement): void {
    const calendar = month({ value: field.value, min: field.min, max: field.max });
    calendar.addEventListener("change", (event) => {
      event.stopPropagation();
      field.value = calendar.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      panel.hidePopover();
      field.focus();
    });
    panel.replaceChildren(calendar);
  }
}

customElements.define("month-calendar", MonthCalendar);
customElements.define("date-picker", DatePicker);
