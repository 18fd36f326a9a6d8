// Leaving at once: the visit is ended behind, and the page is replaced, so that going back does not lead here. The
// Escape key, three times, does the same. Without this script the link ends the visit and leads away.
const way = document.getElementById("leave");

function leave(event) {
  event?.preventDefault();
  document.body.replaceChildren();
  fetch(way.href, { keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(way.dataset.to);
}

way.addEventListener("click", leave);
let pressed = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") { pressed = []; return; }
  pressed = [...pressed, Date.now()].slice(-3);
  if (pressed.length === 3 && pressed[2] - pressed[0] < 1500) leave();
});
// A page that the browser brings back from its memory is asked for anew: the visit may have ended.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
