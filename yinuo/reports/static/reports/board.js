// The board: choosing cards, walking over them with the arrow keys, dragging them to another lane. Where they go and why
// is asked by the same dialog that the keys and the cards' own buttons open.

const board = document.querySelector("form.board");
const FOCUS = "board-focus";

const cards = () => [...board.querySelectorAll(".board-card")];
const picks = () => [...board.querySelectorAll(".board-pick")];
const cardOf = (element) => element?.closest?.(".board-card") ?? null;
const chosen = () => picks().filter((pick) => pick.checked).map((pick) => pick.value);

// The cards that are meant: all that are chosen if this one is among them, else this one.
function meant(card) {
  const all = chosen();
  return card && !all.includes(card.dataset.card) ? [card.dataset.card] : all;
}

function address(keys, to = "") {
  const url = new URL(board.dataset.move, location.href);
  for (const key of keys) url.searchParams.append("card", key);
  if (to) url.searchParams.set("to", to);
  return url.pathname + url.search;
}

function count() {
  const n = chosen().length;
  const place = board.querySelector("[data-chosen]");
  if (place) place.textContent = n ? place.dataset.chosen.replace("{n}", n) : "";
  for (const card of cards()) card.classList.toggle("is-chosen", card.querySelector(".board-pick")?.checked ?? false);
}

function toggle(card) {
  const pick = card.querySelector(".board-pick");
  if (!pick) return;
  pick.checked = !pick.checked;
  count();
}

// Before the frame opens a dialog or follows a card: a card moves together with the others that are chosen, and a click
// with Ctrl chooses it.
function click(event) {
  const card = cardOf(event.target);
  const mover = event.target.closest(".board-move");
  if (mover) mover.href = address(meant(card));
  const button = event.target.closest("[data-move-chosen]");
  if (event.target.closest("[data-move-focused]")) {
    const at = cardOf(document.activeElement) ?? cards().find((each) => chosen().includes(each.dataset.card));
    (at ?? cards()[0])?.querySelector(at ? ".board-move" : ".row-link")[at ? "click" : "focus"]();
  } else if (button) {
    button.dataset.dialog = address(chosen());
    remember(cards().find((each) => each.querySelector(".board-pick")?.checked));
  } else if (card && (event.ctrlKey || event.metaKey) && !event.target.closest("a.board-move, input")) {
    event.preventDefault();
    event.stopPropagation();
    toggle(card);
    card.querySelector(".row-link").focus({ preventScroll: true });
    return;
  }
  if (card && mover) remember(card);
}

// Keys ---------------------------------------------------------------------------------------------------------------

function center(element) {
  const box = element.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

// The nearest card in a direction: straight ahead counts more than aside.
function nearest(from, [x, y]) {
  const [left, top] = center(from);
  let best = null;
  let least = Infinity;
  for (const card of cards()) {
    const [right, bottom] = center(card);
    const ahead = (right - left) * x + (bottom - top) * y;
    const aside = Math.abs((right - left) * y) + Math.abs((bottom - top) * x);
    if (card === from || ahead < 8 || ahead + 3 * aside >= least) continue;
    least = ahead + 3 * aside;
    best = card;
  }
  return best;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function press(event) {
  const card = cardOf(event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (card && event.key in ARROWS) {
    event.preventDefault();
    const next = nearest(card, ARROWS[event.key]);
    next?.querySelector(".row-link").focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  } else if (card && event.key === " " && !event.target.matches("input")) {
    event.preventDefault();
    toggle(card);
  } else if (event.key === "Escape" && chosen().length) {
    for (const pick of picks()) pick.checked = false;
    count();
  }
}

// Dragging -----------------------------------------------------------------------------------------------------------

let dragged = [];

function begin(event) {
  const card = cardOf(event.target);
  if (!card) return;
  dragged = meant(card);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector(".row-link").textContent);
  for (const each of cards()) each.classList.toggle("is-dragged", dragged.includes(each.dataset.card));
  board.classList.add("is-dragging");
  remember(card);
}

function over(event) {
  const lane = event.target.closest(".lane[data-person]");
  for (const each of board.querySelectorAll(".lane.is-over")) if (each !== lane) each.classList.remove("is-over");
  if (!dragged.length || !lane) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  lane.classList.add("is-over");
}

function drop(event) {
  const lane = event.target.closest(".lane[data-person]");
  if (!lane || !dragged.length) return;
  event.preventDefault();
  const keys = dragged.filter((key) => !lane.querySelector(`[data-card="${key}"]`));
  finish();
  if (!keys.length) return;
  const opener = document.getElementById("board-drop");
  opener.href = address(keys, lane.dataset.person);
  opener.click();
}

function finish() {
  dragged = [];
  board.classList.remove("is-dragging");
  for (const each of board.querySelectorAll(".is-dragged, .is-over")) each.classList.remove("is-dragged", "is-over");
}

// After a move the page comes anew: whoever moved by keyboard stands where they stood, on the card or the next one.
function remember(card) {
  if (!card) return;
  try {
    sessionStorage.setItem(FOCUS, JSON.stringify([card.id, cards().indexOf(card)]));
  } catch {
    // storage may be forbidden; then focus begins anew
  }
}

function recall() {
  try {
    const [id, at] = JSON.parse(sessionStorage.getItem(FOCUS) ?? "[]");
    sessionStorage.removeItem(FOCUS);
    const place = document.getElementById(id) ?? cards()[Math.min(at, cards().length - 1)];
    if (id) place?.querySelector(".row-link")?.focus({ preventScroll: true });
  } catch {
    // as above
  }
}

if (board) {
  document.addEventListener("click", click, true);
  document.addEventListener("keydown", press);
  board.addEventListener("change", count);
  board.addEventListener("reset", () => setTimeout(count));
  board.addEventListener("dragstart", begin);
  board.addEventListener("dragover", over);
  board.addEventListener("drop", drop);
  board.addEventListener("dragend", finish);
  count();
  recall();
}

// The usual reasons, one click each; also in the dialog that comes later.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reason]");
  const field = button?.form.elements.reason;
  if (!field) return;
  field.value = button.dataset.reason;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
