// Keeps one page for when there is no network, and nothing else: no answer of the application is ever stored.
{% autoescape off %}const KEPT = "parley-offline-{{ version }}";
const PAGES = {{ keeps }};{% endautoescape %}

addEventListener("install", (event) => {
  const fresh = PAGES.map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(fresh)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const forgetOthers = async () => {
    for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
    await registration.navigationPreload?.enable();
    await clients.claim();
  };
  event.waitUntil(forgetOthers());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    const answer = async () => {
      try {
        return (await event.preloadResponse) ?? (await fetch(request));
      } catch {
        return (await caches.match(PAGES[0])) ?? Response.error();
      }
    };
    event.respondWith(answer());
  } else if (!navigator.onLine && PAGES.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
