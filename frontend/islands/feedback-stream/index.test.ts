import { beforeEach, expect, test, vi } from "vitest";

class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  closed = false;

  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }

  close(): void {
    this.closed = true;
  }

  say(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

beforeEach(async () => {
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.opened = [];
  await import("./index");
  document.body.innerHTML = `<feedback-stream src="/attempts/1/feedback/" aria-busy="true"><p>…</p></feedback-stream>`;
});

function element(): HTMLElement {
  return document.querySelector("feedback-stream") as HTMLElement;
}

test("each part replaces what was there, and the last one stays", () => {
  const [source] = FakeSource.opened;
  expect(source?.url).toBe("/attempts/1/feedback/");
  source?.say("part", "<p>You opened well.</p>");
  source?.say("part", "<p>You opened well. Then you stopped.</p>");
  expect(element().textContent).toBe("You opened well. Then you stopped.");
  source?.say("done", "");
  expect(source?.closed).toBe(true);
  expect(element().getAttribute("aria-busy")).toBe("false");
  expect(element().textContent).toBe("You opened well. Then you stopped.");
});

test("an element that leaves the page closes its connection, and one that is done does not ask again", () => {
  const gone = element();
  gone.remove();
  expect(FakeSource.opened[0]?.closed).toBe(true);
  document.body.append(gone);
  FakeSource.opened[1]?.say("done", "");
  gone.remove();
  document.body.append(gone);
  expect(FakeSource.opened).toHaveLength(2);
});
