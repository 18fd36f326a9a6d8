// Keys inside the list of review: j and k go on and back, a approves, s opens. They act only while
// the focus is inside the list, so that nobody who speaks to the machine sets one off by chance.
const blocks = [...document.querySelectorAll("article.block")];
const hint = document.querySelector(".keys");
if (blocks.length && hint) {
  hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const here = event.target.closest("article.block");
    if (!here) return;
    const at = blocks.indexOf(here);
    if (event.key === "j" || event.key === "k") {
      const next = blocks[at + (event.key === "j" ? 1 : -1)];
      if (next) next.focus();
    } else if (event.key === "a") {
      const button = here.querySelector("button.approve");
      if (button) button.focus();
    } else if (event.key === "s") {
      const open = here.querySelector("a.open");
      if (open) open.click();
    } else return;
    event.preventDefault();
  });
}
