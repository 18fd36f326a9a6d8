// Keeps the desk on the device. In front of this text stand LANG, VERSION and PARTS (address -> integrity):
// all parts of a version are taken together and are those that were meant, or the version before stays.
const NAME = `mirps-desk-${LANG}-`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME + VERSION);
      await Promise.all(
        Object.entries(PARTS).map(async ([address, integrity]) => {
          const answer = await fetch(address, { cache: "no-cache", integrity, credentials: "omit" });
          if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
          await cache.put(address, answer);
        }),
      );
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith(NAME) && name !== NAME + VERSION) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || !(address.pathname in PARTS)) return;
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(NAME + VERSION)).match(address.pathname, { ignoreVary: true });
      return kept ?? fetch(event.request);
    })(),
  );
});
