const KEPT = "desk";

self.addEventListener("fetch", (event) => {
  const path = asked(event.request);
  if (path in PARTS) event.respondWith(part(event.request, path));
});
