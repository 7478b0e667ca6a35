// Keys: any element with data-key answers to its key ("n", "g w"); rows are walked with j and k; ? lists them all.

const words = JSON.parse(document.body?.dataset.words || "{}");
const help = document.getElementById("keys");
let before = "";
let forget = 0;

const isTyping = (element) =>
  element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

// What stands in a menu that is closed answers to its key as the menu itself would.
const isShown = (element) => {
  const place = element.closest("details[data-drop-menu]:not([open])") ?? element;
  return place.checkVisibility?.() ?? place.offsetParent !== null;
};

// A key that stands in a row of a list acts on the row one stands on, on none otherwise.
const isMeant = (element) => {
  const row = element.closest("[data-row]");
  return !row || row.contains(document.activeElement);
};

function holders() {
  const place = document.querySelector("dialog[open]") ?? document;
  return [...place.querySelectorAll("[data-key]")].filter((element) => isShown(element) && isMeant(element));
}

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function walk(step) {
  const links = [...document.querySelectorAll("main [data-row] a.row-link")].filter(isShown);
  if (!links.length) return false;
  const row = document.activeElement?.closest("[data-row]");
  const at = links.findIndex((link) => link.closest("[data-row]") === row);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus({ preventScroll: true });
  next.closest("[data-row]").scrollIntoView({ block: "nearest" });
  return true;
}

function listKeys() {
  const rows = document.querySelector("main [data-row] a.row-link")
    ? [["j", words.rows_down], ["k", words.rows_up], ["Enter", words.open_row]]
    : [];
  if (document.querySelector("main [data-pick]")) rows.push(["x", words.pick_row]);
  const named = [...document.querySelectorAll("[data-key]")].filter((element) => isShown(element) && !help.contains(element));
  const meaning = (element) => element.dataset.keyWords ?? element.getAttribute("aria-label") ?? element.textContent.trim();
  const told = (elements) => elements.map((element) => [element.dataset.key, meaning(element)]);
  const isEverywhere = (element) => element.closest(".top, #notices") !== null;
  fill("everywhere", [["z", words.undo_soon], ...told(named.filter(isEverywhere)).filter(([key]) => key !== "z"), ["?", words.help]]);
  fill("page", told(named.filter((element) => !isEverywhere(element))));
  fill("rows", rows);
  if (!help.open) help.showModal();
}

function fill(group, pairs) {
  const section = help.querySelector(`[data-keys="${group}"]`);
  const list = section.querySelector("dl");
  list.replaceChildren();
  section.hidden = pairs.length === 0;
  for (const [keys, meaning] of new Map(pairs)) {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const inDialog = document.querySelector("dialog[open]");
  const held = holders();
  const keys = before ? `${before} ${event.key}` : event.key;
  clearTimeout(forget);
  before = "";
  const element = held.find((each) => each.dataset.key === keys);
  if (element) {
    event.preventDefault();
    press(element);
  } else if (held.some((each) => each.dataset.key.startsWith(`${keys} `))) {
    before = keys;
    forget = setTimeout(() => { before = ""; }, 1200);
  } else if (!inDialog && (event.key === "j" || event.key === "k")) {
    if (walk(event.key === "j" ? 1 : -1)) event.preventDefault();
  } else if (!inDialog && event.key === "?") {
    event.preventDefault();
    listKeys();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-keys-open]");
  if (!opener) return;
  opener.closest("details")?.removeAttribute("open");
  listKeys();
});
