/** What happened: an event's name and what it is about. `reset`: so much that everything is to be read again. */
export interface News {
  event: string;
  type: string;
  id: string;
}

const AGAIN_AFTER_MS = 10_000;

const rousing = new WeakSet<HTMLElement>();

/**
 * Let a part read itself again. `data-live-within="10"`: some time in the second half of so many seconds, and at most
 * once in them, so that a thousand open pages do not ask all at once. In a hidden tab it waits until somebody looks.
 */
function rouse(part: HTMLElement): void {
  if (document.hidden) {
    part.dataset.liveStale = "";
    return;
  }
  const within = Number(part.dataset.liveWithin ?? 0) * 1000;
  if (rousing.has(part)) return;
  rousing.add(part);
  const again = (): void => {
    rousing.delete(part);
    if (document.hidden) part.dataset.liveStale = "";
    else if (part.isConnected) part.dispatchEvent(new CustomEvent("live"));
  };
  if (within) setTimeout(again, within * (0.5 + Math.random() / 2));
  else again();
}

/** What changed while nobody looked is read again when somebody does. */
export function catchUp(root: ParentNode = document): void {
  if (document.hidden) return;
  for (const part of root.querySelectorAll<HTMLElement>("[data-live-stale]")) {
    delete part.dataset.liveStale;
    part.dispatchEvent(new CustomEvent("live"));
  }
}

/**
 * Parts with `data-live="attempt.scored attempt.failed"` hear `live` when one of these happens (with
 * `data-live-id`, only to that subject) and read themselves again by HTMX: `hx-trigger="live, every 20s"`.
 */
export function tell(news: News | "reset", root: ParentNode = document): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-live]")) {
    if (news !== "reset") {
      if (!(part.dataset.live ?? "").split(" ").includes(news.event)) continue;
      if (part.dataset.liveId && part.dataset.liveId !== news.id) continue;
    }
    rouse(part);
  }
  document.dispatchEvent(new CustomEvent("parley:live", { detail: news }));
}

/** The number in the sidebar's badges, from the little list that the server answers with. */
async function countAgain(url: string): Promise<void> {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const { dataset, value } of fresh.querySelectorAll<HTMLDataElement>("data[data-count]")) {
    for (const badge of document.querySelectorAll<HTMLElement>(`.nav-count[data-count="${dataset.count}"]`)) {
      const number = badge.firstChild;
      if (number) number.textContent = value;
      badge.hidden = value === "0";
    }
  }
}

/**
 * One stream for all tabs of a browser: whoever holds the lock listens and tells the others. It goes on from where
 * any of them last stood, so that a closed lid or a lost network loses nothing.
 */
export function listen(url: string, countsUrl: string, who: string): void {
  const lock = `parley-live:${who}`; // another person's tabs in this browser hear nothing of it
  const channel = new BroadcastChannel(lock);
  let stood = "";
  let isStale = false;
  const count = (): void => {
    if (!isStale || document.hidden) return;
    isStale = false;
    countAgain(countsUrl).catch(() => {
      isStale = true;
    });
  };
  document.addEventListener("visibilitychange", () => {
    catchUp();
    count();
  });
  const hear = (news: News | "reset"): void => {
    tell(news);
    isStale ||= news === "reset" || COUNTED.has(news.event);
    count();
  };
  channel.addEventListener("message", ({ data }: MessageEvent<{ news?: News | "reset"; at: string }>) => {
    stood = data.at;
    if (data.news) hear(data.news);
  });
  const pass = (at: string, news?: News | "reset"): void => {
    stood = at || stood;
    channel.postMessage(news ? { at: stood, news } : { at: stood });
    if (news) hear(news);
  };
  void navigator.locks.request(
    lock,
    () =>
      new Promise<never>(() => {
        const open = (): void => {
          const source = new EventSource(stood ? `${url}?since=${stood}` : url);
          source.addEventListener("news", (m) => pass(m.lastEventId, JSON.parse(m.data) as News));
          source.addEventListener("reset", (m) => pass(m.lastEventId, "reset"));
          source.addEventListener("over", () => {
            source.close();
            setTimeout(open, AGAIN_AFTER_MS);
          });
          source.addEventListener("error", () => {
            if (source.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_AFTER_MS);
          });
        };
        open();
      }),
  );
}

/** After these a number in the sidebar may be another. */
const COUNTED = new Set(["scenario.assigned", "criterion.disputed", "dispute.withdrawn", "dispute.answered"]);

/** Signed-in pages name the stream in `<html data-live-url>`. */
export function watchLive(): void {
  const { liveUrl, countsUrl, member } = document.documentElement.dataset;
  if (!liveUrl || !countsUrl || !member) return;
  if ("locks" in navigator && "BroadcastChannel" in window) listen(liveUrl, countsUrl, member);
}
