// Checking clauses: choosing one shows where it stands in the source; acts go to the server with what was seen of it.

const place = document.querySelector("[data-check]");
const source = place.querySelector(".check-source");
const side = () => document.getElementById("check-side");
const radios = () => [...side().querySelectorAll("input[name=chosen]")];

// What is new shows itself as it is, with what is marked meanwhile.
globalThis.htmx.config.attributesToSettle = [];

function choose(radio, { scrolls = true } = {}) {
  const form = side();
  radio.checked = true;
  form.elements.key.value = radio.value;
  form.elements.print.value = radio.dataset.print;
  form.elements.into.value = "";
  const row = radio.closest(".check-node");
  for (const each of form.querySelectorAll(".check-node.is-chosen")) each.classList.remove("is-chosen");
  row.classList.add("is-chosen");
  form.elements.number.value = row.querySelector(".clause-number").textContent.replace(/^–$/, "");
  form.elements.title.value = row.querySelector(".clause-title").textContent;
  const body = form.querySelector("[data-body]");
  body.value = row.querySelector("[data-text]").textContent;
  form.elements.at.value = "0";
  form.querySelector(".check-editor").hidden = false;
  if (scrolls) row.scrollIntoView({ block: "nearest" });
  mark(radio.dataset.blocks.split(" ").filter(Boolean));
}

function mark(keys) {
  for (const each of source.querySelectorAll("[data-block].is-chosen")) each.classList.remove("is-chosen");
  const found = keys.map((key) => source.querySelector(`[data-block="${key}"]`)).filter(Boolean);
  for (const each of found) each.classList.add("is-chosen");
  if (!found.length) return;
  const first = found[0].getBoundingClientRect();
  const frame = source.getBoundingClientRect();
  if (first.top < frame.top + 8 || first.bottom > frame.bottom - 8) {
    source.scrollTop += first.top - frame.top - frame.height / 4;
  }
}

// The list is walked with j and k like any other; a click in the source chooses the clause that stands there.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]), textarea, dialog")) return;
  if (event.key !== "j" && event.key !== "k") return;
  const all = radios();
  const at = all.findIndex((radio) => radio.checked);
  const next = all[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), all.length - 1)];
  if (!next) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.focus({ preventScroll: true });
  choose(next);
}, true);

source.addEventListener("click", (event) => {
  const key = event.target.closest("[data-block]")?.dataset.block;
  const radio = key && radios().find((each) => each.dataset.blocks.split(" ").includes(key));
  if (radio) choose(radio);
});

place.addEventListener("change", (event) => {
  if (event.target.matches("input[name=chosen]")) choose(event.target, { scrolls: false });
});

// The text is cut, never written: the cursor moves in it, and nothing else does.
place.addEventListener("beforeinput", (event) => {
  if (event.target.matches("[data-body]")) event.preventDefault();
});

place.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input[name=number], input[name=title]")) {
    event.preventDefault();
    side().querySelector("[data-head]").click();
  }
});

place.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (event.target.closest("[data-open-left]")) document.getElementById("left").open = true;
  if (button?.matches("[data-into]")) side().elements.into.value = side().elements.key.value;
  if (button?.matches("[data-next-doubt]")) {
    const all = radios();
    const at = all.findIndex((radio) => radio.checked);
    const doubted = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((radio) => radio.closest(".is-doubted"));
    if (doubted) choose(doubted);
  }
}, true);

// Where one is when an act begins: so one goes on from there, not from the top.
let last = { key: "", at: -1 };

document.addEventListener("htmx:configRequest", (event) => {
  const button = event.target;
  if (!button.matches?.("#check-side button")) return;
  const at = radios().findIndex((radio) => radio.checked);
  last = { key: side().elements.key.value, at: at - (button.matches("[data-joins]") ? 1 : 0) };
  if (!button.matches("[data-act]")) return;
  if (!side().elements.key.value) event.preventDefault();
  if (button.matches("[data-split]")) {
    const body = side().querySelector("[data-body]");
    event.detail.parameters.at = [...body.value.slice(0, body.selectionStart)].length;
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "check-side" && event.target?.id !== "check-side") return;
  begin();
});

function begin() {
  const all = radios();
  const found = (key) => all.find((radio) => radio.value === key);
  const near = last.at < 0 ? undefined : all[Math.min(last.at, all.length - 1)];
  const wanted = found(side().dataset.chosen) ?? found(last.key) ?? near ?? all.find((radio) => radio.closest(".is-doubted")) ?? all[0];
  if (wanted) choose(wanted);
}

begin();
