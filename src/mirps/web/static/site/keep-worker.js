// Keeps a page on the device. In front of this text stand LANG, VERSION and PARTS (address -> integrity): all parts of
// a version are taken together and are those that were meant, or the version before stays. Behind it stands the page's
// own text: KEPT, its name, and what it answers.
self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(name() + VERSION);
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
      for (const held of await caches.keys())
        if (held.startsWith(name()) && held !== name() + VERSION) await caches.delete(held);
      await self.clients.claim();
    })(),
  );
});

const name = () => `mirps-${KEPT}-${LANG}-`;

async function part(request, path) {
  const kept = await (await caches.open(name() + VERSION)).match(path, { ignoreVary: true });
  return kept ?? fetch(request);
}

// The address of what is asked of this site, where it is only read; else nothing.
function asked(request) {
  const { pathname, origin } = new URL(request.url);
  return request.method === "GET" && origin === location.origin ? pathname : null;
}
