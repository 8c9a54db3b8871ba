import { afterEach, expect, test, vi } from "vitest";
import { MediaLink, urlIn } from "./media";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetcher = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", fetcher);
  return fetcher;
}

test("the address is found where the server puts it", () => {
  expect(urlIn({ recording: { url: "/storage/a" } })).toBe("/storage/a");
  expect(urlIn({ url: "/storage/b" })).toBe("/storage/b");
  expect(urlIn({ recording: null })).toBeNull();
  expect(urlIn("nothing")).toBeNull();
});

test("several askers share one request, and the next ask is a new one", async () => {
  const fetcher = answer(200, { recording: { url: "/storage/new" } });
  const link = new MediaLink("/storage/old", "/media");
  expect(await Promise.all([link.renew(), link.renew()])).toEqual(["/storage/new", "/storage/new"]);
  expect(fetcher).toHaveBeenCalledTimes(1);
  expect(link.url).toBe("/storage/new");
  await link.renew();
  expect(fetcher).toHaveBeenCalledTimes(2);
});

test("a refusal says what to do", async () => {
  answer(401, {});
  await expect(new MediaLink("/old", "/media").renew()).rejects.toThrow("Sign in again");
  answer(200, { recording: null });
  await expect(new MediaLink("/old", "/media").renew()).rejects.toThrow("no longer stored");
});
