// The editor of a theory of change, for those who have JavaScript: Alt with an arrow key moves the box that
// has the focus, and after an act the focus is where the reader was. Everything works without it.
const boxes = document.querySelectorAll("[data-box]");
for (const box of boxes) {
  box.tabIndex = -1;
  box.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    if (["SELECT", "INPUT", "TEXTAREA"].includes(event.target.tagName)) return;
    const way = event.key === "ArrowUp" ? "up" : "down";
    const button = box.querySelector(`button[name="way"][value="${way}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}
const faults = document.getElementById("faults");
const there = location.hash && document.getElementById(location.hash.slice(1));
if (faults) faults.focus();
else if (there && there.matches("[data-box]")) there.focus();
