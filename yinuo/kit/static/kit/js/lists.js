// Lists: several rows chosen at once, by click, with shift from one to another, by x; what can be done with them stands
// in a bar below. On a phone rows are chosen once “choose” is pressed.

const words = JSON.parse(document.body?.dataset.words || "{}");
let last = null; // the box ticked before: shift-click chooses from there

const listOf = (element) => element.closest("[data-list]");
const boxesOf = (list) => [...list.querySelectorAll("[data-pick]")];
const part = (list, name) => list.querySelector(`[data-${name}]`);

function show(list) {
  const bar = part(list, "bulk");
  if (!bar) return;
  const boxes = boxesOf(list);
  const chosen = boxes.filter((box) => box.checked);
  const all = part(list, "pick-all");
  all.checked = chosen.length > 0 && chosen.length === boxes.length;
  all.indeterminate = chosen.length > 0 && !all.checked;
  const found = part(list, "pick-found");
  if (found && !all.checked) found.checked = false;
  for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
  bar.hidden = chosen.length === 0 && !list.classList.contains("is-picking");
  const count = found?.checked ? found.dataset.count : chosen.length;
  part(list, "bulk-count").textContent = words.picked.replace("{n}", count);
  const asked = new URLSearchParams();
  if (found?.checked) asked.append("found", found.dataset.query);
  else for (const box of chosen) asked.append("pick", box.value);
  asked.append("back", location.pathname + location.search);
  for (const button of bar.querySelectorAll("[data-bulk-act]")) {
    button.disabled = chosen.length === 0;
    button.dataset.dialog = `${button.dataset.bulkAct}?${asked}`;
  }
}

function tick(box, checked, upTo) {
  const boxes = boxesOf(listOf(box));
  const [from, to] = [boxes.indexOf(upTo ?? box), boxes.indexOf(box)];
  const between = from < 0 ? [box] : boxes.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const each of between) each.checked = checked;
  last = box;
  show(listOf(box));
}

function tickAll(list, checked) {
  for (const box of boxesOf(list)) box.checked = checked;
  last = null;
  show(list);
}

function end(list) {
  const toggle = part(list, "picking");
  list.classList.remove("is-picking");
  toggle?.setAttribute("aria-pressed", "false");
  tickAll(list, false);
}

// First in line, before the click opens the row.
document.addEventListener(
  "click",
  (event) => {
    const row = event.target.closest("[data-row]");
    const box = row?.querySelector("[data-pick]");
    if (!box) return;
    if (event.target === box) {
      tick(box, box.checked, event.shiftKey ? last : null);
    } else if (event.target.closest(".cell-pick") || listOf(row).classList.contains("is-picking")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      tick(box, !box.checked, event.shiftKey ? last : null);
    }
  },
  true,
);

document.addEventListener("click", (event) => {
  const list = listOf(event.target);
  if (!list) return;
  const toggle = event.target.closest("[data-picking]");
  if (toggle) {
    if (list.classList.contains("is-picking")) return end(list);
    list.classList.add("is-picking");
    toggle.setAttribute("aria-pressed", "true");
    show(list);
  }
  if (event.target.closest("[data-pick-page]")) tickAll(list, true);
  if (event.target.closest("[data-bulk-end]")) {
    const row = list.querySelector("tr.is-picked a.row-link");
    end(list);
    row?.focus();
  }
});

document.addEventListener("change", (event) => {
  const list = listOf(event.target);
  if (event.target.matches("[data-pick-all]")) tickAll(list, event.target.checked);
  if (event.target.matches("[data-pick-found]")) {
    const { checked } = event.target;
    if (checked) for (const box of boxesOf(list)) box.checked = true;
    show(list);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "x") {
    const box = document.activeElement?.closest("[data-row]")?.querySelector("[data-pick]");
    if (!box || event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    event.preventDefault();
    tick(box, !box.checked, null);
  } else if (event.key === "Escape" && !document.querySelector("details[data-drop-menu][open]")) {
    for (const bar of document.querySelectorAll("[data-bulk]:not([hidden])")) end(listOf(bar));
  }
});

// What another page of the list, or another filter, brought in has nothing chosen yet.
document.addEventListener("htmx:afterSettle", () => {
  for (const list of document.querySelectorAll("[data-list]")) show(list);
});
for (const list of document.querySelectorAll("[data-list]")) show(list);
