// One thing asked: what the checks say while one types. The page works without this.
const form = document.querySelector("form[data-hint]");

if (form) {
  const inputs = [...form.querySelectorAll("input[data-cell]")];
  const together = form.querySelector("[data-together]");
  const live = form.querySelector("[data-live]");
  let timer = 0;
  let asked = 0;
  let dirty = false;

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

  const write = (box, words) => {
    box.replaceChildren(...words.map((w) => Object.assign(document.createElement("p"), { textContent: w })));
  };

  async function look() {
    const mine = ++asked;
    const texts = Object.fromEntries(inputs.map((i) => [i.dataset.cell, i.value]));
    let answer;
    try {
      answer = await fetch(form.dataset.hint, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ ask: form.dataset.ask, texts }),
      });
    } catch {
      return; // no line: saving says it
    }
    if (!answer.ok || mine !== asked) return;
    const said = await answer.json();
    for (const i of inputs) {
      const found = said.cells[i.dataset.cell];
      write(form.querySelector(`[data-said="${i.dataset.cell}"]`), found ? found.said : []);
      i.toggleAttribute("aria-invalid", Boolean(found?.stop));
      if (found?.stop) i.setAttribute("aria-invalid", "true");
    }
    write(together, said.together);
    // Told politely and only what is about where one is, and about all of it.
    const here = said.cells[document.activeElement?.dataset?.cell];
    live.textContent = [...(here ? here.said : []), ...said.together].join(" ");
  }

  form.addEventListener("input", (event) => {
    dirty = true;
    if (!event.target.dataset.cell) return;
    if (event.target === inputs[0] && event.target.value.trim()) {
      const yes = form.querySelector("input[name=why][value=value]");
      if (yes) yes.checked = true; // a value was typed: there is one
    }
    clearTimeout(timer);
    timer = setTimeout(look, 350);
  });
  const cut = form.querySelector("[data-offline]");
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault(); // sent now, the page and what is on it would be gone
      cut.textContent = form.dataset.tOffline;
      return;
    }
    dirty = false;
  });
  addEventListener("online", () => {
    if (cut) cut.textContent = "";
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

// A page that came back with faults begins with them.
document.getElementById("faults")?.focus();
