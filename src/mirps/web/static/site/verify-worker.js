// STATUSES: the lists of what no longer holds, asked for each time and kept for when there is no line.
const KEPT = "verify";
const LISTS = "mirps-verify-lists";

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
  const path = asked(event.request);
  if (path?.startsWith(STATUSES)) event.respondWith(list(event.request, path));
  else if (!(path in PARTS)) return;
  else if (event.request.mode === "navigate") event.respondWith(page(event.request, path));
  else event.respondWith(part(event.request, path));
});
