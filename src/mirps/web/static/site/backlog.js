// The backlog planner for those who have JavaScript: a slider beside each number, and the result anew when a number
// changes. The form works without it.
const form = document.querySelector("[data-backlog]");
const found = document.getElementById("found");
const told = document.getElementById("told");
const WAIT = 400; // ms after the last change
let timer = 0;
let asking = null;

for (const field of form.querySelectorAll("[data-slider]")) {
  if (field.value === "") continue; // left open: there is nothing to slide
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = field.dataset.low;
  slider.max = field.dataset.high;
  slider.step = field.dataset.step;
  slider.value = field.value;
  slider.setAttribute("aria-label", field.dataset.slider);
  slider.addEventListener("input", () => { field.value = slider.value; soon(); });
  field.addEventListener("input", () => { slider.value = field.value; });
  field.after(slider);
}
form.addEventListener("input", (event) => { if (event.target.name && event.target.name !== "state") soon(); });
form.elements.state.addEventListener("change", () => {
  location.href = `${form.action}?state=${encodeURIComponent(form.elements.state.value)}`; // its own starting numbers
});

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    found.replaceChildren(...page.getElementById("found").childNodes);
    const other = "header a[hreflang]"; // the other language keeps the numbers
    document.querySelector(other).href = page.querySelector(other).getAttribute("href");
    history.replaceState(null, "", address);
    told.textContent = told.dataset.updated;
  } catch (fault) {
    if (fault.name === "AbortError") return;
    told.textContent = told.dataset.failed;
    told.classList.remove("unseen");
  }
  found.removeAttribute("aria-busy");
}
