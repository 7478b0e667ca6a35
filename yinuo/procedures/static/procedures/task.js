// A task's form: the draft is kept by itself, and the server says which fields are asked for what is entered.

const PAUSE = 900;
const timers = new WeakMap();
const saves = new WeakMap(); // the last save of each form, under way or done

// One save after the other, so that each carries the version that the one before it made.
function keep(form) {
  clearTimeout(timers.get(form));
  const save = (saves.get(form) ?? Promise.resolve()).then(() => send(form));
  saves.set(form, save);
  return save;
}

async function send(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File || name === "secret") body.delete(name);
  const said = form.querySelector("[data-draft-said]");
  try {
    const response = await fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "HX-Request": "true" } });
    const answer = await response.json();
    if (!response.ok) {
      said.textContent = answer.refused ?? "";
      return;
    }
    // Also in the forms of moves, those in an open dialog included.
    const task = form.dataset.draftUrl.replace(/draft$/, "");
    for (const field of document.querySelectorAll(`form[action^="${task}"] input[name=version]`)) field.value = answer.version;
    for (const row of form.querySelectorAll("[data-field]")) row.hidden = !answer.shown.includes(row.dataset.field);
    said.textContent = answer.said;
    if (![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) delete form.dataset.dirty;
  } catch {
    // offline: what was entered is still on the page, and the next change tries again
  }
}

function later(form, pause) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), pause));
}

const formOf = (event) => event.target.closest?.("form[data-draft-url]");

document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form && event.target.name !== "secret" && event.target.type !== "file") later(form, PAUSE);
});
document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) later(form, 0);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-save]");
  if (button) keep(button.form ?? button.closest("form"));
});
document.addEventListener("click", (event) => {
  // A menu has done its work when something in it was chosen.
  const menu = event.target.closest(".task-moves .drop-item")?.closest("details");
  if (menu) menu.open = false;
});
document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)), true);
document.addEventListener("htmx:confirm", (event) => {
  // What is submitted waits for the save under way: its version is the one to submit on.
  const save = saves.get(event.target);
  if (!save) return;
  event.preventDefault();
  save.then(() => event.detail.issueRequest(true));
});
