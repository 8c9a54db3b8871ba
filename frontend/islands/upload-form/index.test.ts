import { beforeEach, expect, test, vi } from "vitest";
import "./index";

class FakeRequest extends EventTarget {
  static last: FakeRequest;
  upload = new EventTarget();
  responseURL = "";
  responseText = "";
  body: unknown;

  constructor() {
    super();
    FakeRequest.last = this;
  }

  open(): void {}

  send(body: unknown): void {
    this.body = body;
  }

  answer(url: string, text: string): void {
    this.responseURL = url;
    this.responseText = text;
    this.dispatchEvent(new Event("load"));
  }
}

const FORM = `<form action="http://localhost/attempts/import/"><input type="file" name="file"><div data-progress hidden><progress max="100"></progress>
  <p data-said></p></div><p data-problem hidden></p><button type="submit">Go</button></form>`;

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  document.body.innerHTML = `<upload-form>${FORM}</upload-form>`;
});

function find<T extends HTMLElement>(selector: string): T {
  return document.querySelector(selector) as T;
}

function send(): void {
  find("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
}

test("progress is shown while the file goes out, and nobody can send twice", () => {
  send();
  FakeRequest.last.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: 30, total: 60 }));
  expect(find<HTMLProgressElement>("progress").value).toBe(50);
  expect(find("[data-said]").textContent).toBe("50 % sent");
  expect(find<HTMLButtonElement>("button").disabled).toBe(true);
});

test("the page with its errors takes the place of the form, and the chosen file stays", () => {
  const chosen = find("input[type=file]");
  send();
  const page = `<html><body><upload-form>${FORM.replace("<button", '<p role="alert">call.wav is mono</p><button')}</upload-form></body></html>`;
  FakeRequest.last.answer("http://localhost/attempts/import/", page);
  expect(find("[role=alert]").textContent).toBe("call.wav is mono");
  expect(find("input[type=file]")).toBe(chosen);
  expect(find<HTMLButtonElement>("button").disabled).toBe(false);
});

test("a connection that breaks says so and lets go", () => {
  send();
  FakeRequest.last.dispatchEvent(new Event("error"));
  expect(find("[data-problem]").hidden).toBe(false);
  expect(find<HTMLButtonElement>("button").disabled).toBe(false);
});
