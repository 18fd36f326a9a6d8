// Keeps the page that verifies letters. In front of this text stand LANG, VERSION, PARTS (address -> integrity) and
// STATUSES: the lists of what no longer holds, asked for each time and kept for when there is no line.
const NAME = `mirps-verify-${LANG}-`;
const LISTS = "mirps-verify-lists";

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

async function part(request, path) {
  const kept = await (await caches.open(NAME + VERSION)).match(path, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function list(request, path) {
  const cache = await caches.open(LISTS);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw fault;
  }
}

// The page with its keys is asked for first, so that a new key is known at once where there is a line.
async function page(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok) return answer;
  } catch { /* no line */ }
  return part(request, path);
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(STATUSES)) event.respondWith(list(event.request, pathname));
  else if (!(pathname in PARTS)) return;
  else if (event.request.mode === "navigate") event.respondWith(page(event.request, pathname));
  else event.respondWith(part(event.request, pathname));
});
