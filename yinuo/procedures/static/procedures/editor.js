// The procedure editor: what is typed, chosen, pressed or dragged becomes one small edit after the other; the server
// keeps it and sends back everything that shows the draft.

const editor = document.querySelector("[data-editor]");
const PAUSE = 600;
let waiting = Promise.resolve(); // edits go one after the other, each with the version that the one before it made
let typed = null; // a control with letters that are not sent yet
let timer = 0;

// What is new shows itself as it is: by default htmx puts the old classes on it first and takes them away a moment
// later, and with them what the editor has marked meanwhile.
globalThis.htmx.config.attributesToSettle = [];

const state = () => document.getElementById("editor-state");
const sheet = () => document.getElementById("editor-sheet");
const tree = () => document.querySelector("#editor-tree .tree");
const lines = () => [...document.querySelectorAll("#editor-tree [role=treeitem]")];
const selected = () => state().dataset.at;
const lineAt = (at) => lines().find((line) => line.dataset.path === at);

// Sending ------------------------------------------------------------------------------------------------------------

function send(values, after) {
  flush();
  waiting = waiting.then(async () => {
    const focus = remembered();
    const body = { at: selected(), ...values, version: state().dataset.version };
    const before = state();
    await globalThis.htmx.ajax("POST", editor.dataset.editUrl, { source: editor, target: editor, swap: "none", values: body });
    if (state() === before) return; // refused: the notice says why, everything stays as it was
    shown(focus);
    after?.();
  });
  return waiting;
}

// Where the cursor was, so that a sheet made anew does not take it away.
function remembered() {
  const held = document.activeElement;
  if (!held) return null;
  if (held.closest("#editor-tree")) return { tree: true };
  return held.id && sheet().contains(held) ? { id: held.id } : null;
}

function shown(focus) {
  for (const kind of ["undo", "redo"]) {
    const button = editor.querySelector(`[data-undo=${kind}]`);
    button.disabled = state().dataset[kind === "undo" ? "past" : "ahead"] === "0";
  }
  mark();
  requestAnimationFrame(mark); // the new chart has its measure only once it is laid out
  if (focus?.tree) lineAt(selected())?.focus({ preventScroll: true });
  else if (focus?.id && document.activeElement?.id !== focus.id) document.getElementById(focus.id)?.focus({ preventScroll: true });
}

// What a control says, as the server reads it.
function edit(control) {
  const { path, in: language, doSet = "set", readAs = "word" } = control.dataset;
  const value = control.type === "checkbox" ? String(control.checked) : control.value;
  const where = language ? JSON.stringify([...JSON.parse(path), language]) : path;
  return { do: doSet, path: where, value, read_as: readAs, again: String("again" in control.dataset) };
}

function flush() {
  clearTimeout(timer);
  const control = typed;
  typed = null;
  if (control?.isConnected) send(edit(control));
}

editor.addEventListener("input", (event) => {
  const control = event.target;
  if (!control.matches("input[data-path], textarea[data-path]") || control.type === "checkbox") return;
  if (control.dataset.doSet === "rename") return; // a key is whole or it is none
  if (typed && typed !== control) flush();
  typed = control;
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
});

editor.addEventListener("change", (event) => {
  const control = event.target;
  if (control.matches("[data-several]")) {
    const boxes = [...sheet().querySelectorAll("[data-several]")].filter((box) => box.dataset.several === control.dataset.several);
    const value = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
    send({ do: "set", path: control.dataset.several, value, read_as: "scalars" });
  } else if (control === typed) {
    flush();
  } else if (control.matches("select[data-path], input[type=checkbox][data-path], [data-do-set=rename]")) {
    send(edit(control));
  }
});

// Pressing -----------------------------------------------------------------------------------------------------------

editor.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const button = at("[data-do]");
  if (button) {
    press(button);
  } else if (at("[data-undo]")) {
    send({ do: at("[data-undo]").dataset.undo });
  } else if (at("[data-tab]")) {
    document.getElementById(at("[data-tab]").dataset.tab).click();
  } else if (at("[data-open]")) {
    open(at("[data-open]").dataset.open, at("[data-open]").dataset.fault);
  } else if (at("[data-open-key]")) {
    openKey(at("[data-open-key]").dataset.openKey);
  } else if (at("[role=treeitem]")) {
    open(at("[role=treeitem]").dataset.path);
  } else if (at("[data-step]")) {
    openKey(at("[data-step]").dataset.step);
  }
});

function press(button) {
  const { do: what, path, value = "null" } = button.dataset;
  button.closest("details")?.removeAttribute("open");
  const values = { do: what, path: "here" in button.dataset ? selected() : path, value, read_as: "json", again: "true" };
  send(values, () => {
    if (what === "cut" || what === "remove" || what === "branch_cut") said(editor.dataset.removed);
    if (what === "add" || what === "branch") titleOf()?.select();
    if (what === "add") titleOf()?.focus();
  });
}

const titleOf = () => sheet().querySelector("[data-in=zh]");
const said = (sentence) => document.dispatchEvent(new CustomEvent("notice", { detail: { words: sentence } }));

// Selecting ----------------------------------------------------------------------------------------------------------

function openKey(key) {
  const line = lines().find((each) => each.dataset.stepKey === key);
  if (line) open(line.dataset.path);
}

function open(at, fault) {
  flush();
  waiting = waiting.then(async () => {
    if (at !== selected()) {
      const url = `${editor.dataset.sheetUrl}?at=${encodeURIComponent(at)}`;
      await globalThis.htmx.ajax("GET", url, { source: editor, target: "#editor-sheet", swap: "innerHTML" });
      const shownAt = sheet().querySelector("[data-sheet]")?.dataset.sheet;
      if (!shownAt) return;
      state().dataset.at = shownAt;
      sheet().scrollTop = 0;
    }
    mark();
    if (fault) placeOf(fault)?.querySelector("input, select, textarea, button")?.focus();
  });
  return waiting;
}

function mark() {
  const at = selected();
  for (const line of lines()) {
    const is = line.dataset.path === at;
    line.setAttribute("aria-selected", String(is));
    line.tabIndex = is ? 0 : -1;
    if (is) line.scrollIntoView({ block: "nearest" });
  }
  if (!lineAt(at) && lines().length) lines()[0].tabIndex = 0;
  for (const button of document.querySelectorAll("#editor-tree [data-open]")) {
    if (button.dataset.open === at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  const key = lineAt(at)?.dataset.stepKey;
  for (const step of editor.querySelectorAll("[data-step]")) {
    const is = step.dataset.step === key;
    step.classList.toggle("is-chosen", is);
    if (step.matches("g")) step.setAttribute("aria-pressed", String(is));
    if (is) inSight(step);
  }
  for (const button of editor.querySelectorAll("[data-do][data-here]")) button.disabled = !at.startsWith('["flow"') && button.dataset.do !== "add";
  faults();
}

function inSight(step) {
  const place = step.closest(".chart-scroll");
  if (!place) return;
  const [there, here] = [step.getBoundingClientRect(), place.getBoundingClientRect()];
  if (there.top < here.top || there.bottom > here.bottom) place.scrollTop += there.top - here.top - here.height / 3;
  if (there.left < here.left || there.right > here.right) place.scrollLeft += there.left - here.left - here.width / 3;
}

// Mistakes stand at their fields too ---------------------------------------------------------------------------------

function placeOf(path) {
  let parts = JSON.parse(path);
  while (parts.length > 1) {
    const wanted = JSON.stringify(parts);
    const found = [...sheet().querySelectorAll("[data-place]")].filter((place) => place.dataset.place === wanted);
    if (found.length) return found.at(-1);
    parts = parts.slice(0, -1);
  }
  return null;
}

function faults() {
  for (const old of sheet().querySelectorAll(".fault")) old.remove();
  for (const old of sheet().querySelectorAll(".has-fault")) old.classList.remove("has-fault");
  for (const fault of document.querySelectorAll("#editor-faults [data-fault]")) {
    if (fault.dataset.open !== selected()) continue;
    const place = placeOf(fault.dataset.fault) ?? sheet().querySelector("fieldset");
    if (!place) continue;
    place.classList.add("has-fault");
    place.closest("details")?.setAttribute("open", "");
    const words = Object.assign(document.createElement("div"), { className: "fault" });
    words.append(Object.assign(document.createElement("p"), { textContent: fault.dataset.words }));
    place.append(words);
  }
}

// A sheet made anew keeps where it was scrolled to. The old one goes first: what searchable lists have put on their
// elements must not be carried over to the new ones.
let kept = null;
function cleared(event) {
  const place = event.detail.target;
  if (place?.id !== "editor-sheet" || event.detail.shouldSwap === false) return;
  const old = place.querySelector(".sheet-controls");
  kept = old && { at: old.dataset.sheet, top: old.scrollTop };
  place.replaceChildren();
}
document.addEventListener("htmx:oobBeforeSwap", cleared);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400) cleared(event);
});

// Folded parts stay as they were opened.
const unfolded = new Set();
editor.addEventListener("toggle", (event) => {
  const section = event.target.dataset?.section;
  if (section && event.target.isConnected) unfolded[event.target.open ? "add" : "delete"](section);
}, true);
document.addEventListener("htmx:afterSwap", refold);
document.addEventListener("htmx:oobAfterSwap", refold);
function refold() {
  for (const section of sheet().querySelectorAll("details[data-section]")) if (unfolded.has(section.dataset.section)) section.open = true;
  const fresh = sheet().querySelector(".sheet-controls");
  if (kept && fresh?.dataset.sheet === kept.at) fresh.scrollTop = kept.top;
  kept = null;
}

// Keys in the tree ---------------------------------------------------------------------------------------------------

const MOVES = { ArrowUp: ["shift", "-1"], ArrowDown: ["shift", "1"], ArrowLeft: ["outdent", "null"], ArrowRight: ["indent", "null"] };

editor.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
  if ((event.ctrlKey || event.metaKey) && !isTyping && "zyZY".includes(event.key)) {
    event.preventDefault();
    const again = event.key.toLowerCase() === "y" || event.shiftKey;
    return send({ do: again ? "redo" : "undo" });
  }
  const line = event.target.closest("[role=treeitem]");
  if (event.target.matches("[data-step]") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return openKey(event.target.dataset.step);
  }
  if (!line) return undefined;
  return inTree(event, line);
});

function inTree(event, line) {
  const at = lines().indexOf(line);
  const go = (to) => {
    const next = lines()[Math.min(Math.max(to, 0), lines().length - 1)];
    next.focus();
    open(next.dataset.path);
  };
  const keys = {
    ArrowUp: () => go(at - 1),
    ArrowDown: () => go(at + 1),
    Home: () => go(0),
    End: () => go(lines().length - 1),
    Enter: () => titleOf()?.focus(),
    Delete: () => send({ do: line.dataset.stepKey ? "cut" : "branch_cut", path: line.dataset.path, again: "true" }, () => said(editor.dataset.removed)),
  };
  const make = event.altKey
    ? MOVES[event.key] && (() => send({ do: MOVES[event.key][0], path: line.dataset.path, value: MOVES[event.key][1], read_as: "json", again: "true" }))
    : keys[event.key];
  if (!make) return;
  event.preventDefault();
  event.stopPropagation();
  make();
}

// Dragging -----------------------------------------------------------------------------------------------------------

let dragged = null;

function clear() {
  for (const line of lines()) line.classList.remove("drop-before", "drop-after", "drop-inside");
}

// Before or behind a block, or into a group or branch.
function zone(event, line) {
  const box = line.getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  if (!line.dataset.stepKey) return "inside";
  if (line.dataset.flow && share > 0.3 && share < 0.7) return "inside";
  return share < 0.5 ? "before" : "after";
}

editor.addEventListener("dragstart", (event) => {
  const line = event.target.closest?.("[role=treeitem][draggable]");
  if (!line) return;
  dragged = line.dataset.path;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", line.textContent.trim());
});
editor.addEventListener("dragover", (event) => {
  const line = event.target.closest?.("[role=treeitem]");
  if (!dragged || !line) return;
  event.preventDefault();
  clear();
  line.classList.add(`drop-${zone(event, line)}`);
});
editor.addEventListener("dragend", () => {
  dragged = null;
  clear();
});
editor.addEventListener("drop", (event) => {
  const line = event.target.closest?.("[role=treeitem]");
  if (!dragged || !line) return;
  event.preventDefault();
  const where = zone(event, line);
  const path = JSON.parse(line.dataset.path);
  const to = where === "inside" ? JSON.parse(line.dataset.flow) : path.slice(0, -1);
  const at = where === "inside" ? Number(line.dataset.count) : path.at(-1) + (where === "after" ? 1 : 0);
  const from = dragged;
  dragged = null;
  clear();
  if (from !== line.dataset.path) send({ do: "move", path: from, value: JSON.stringify({ to, at }), read_as: "json", again: "true" });
});

// A dialog (publishing, reading in) must find what was typed last.
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("[data-path]")) flush();
});

shown(null);
