// The frame's behaviour: requests, notices, menu, side panel, rows, times. Words come from the page, translated.

const words = JSON.parse(document.body?.dataset.words || "{}");
const root = document.documentElement;

const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage may be forbidden; then the choice holds for this page
  }
};

const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.icons}#tabler-${name}`);
  svg.append(use);
  return svg;
};

// Requests ----------------------------------------------------------------------------------------------------------

const progress = document.getElementById("progress");
let running = 0;
let timer = 0;

function started() {
  running += 1;
  if (!timer) timer = setTimeout(() => progress?.removeAttribute("hidden"), 300);
}

function ended() {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  timer = 0;
  progress?.setAttribute("hidden", "");
}

document.addEventListener("htmx:beforeRequest", started);
document.addEventListener("htmx:afterRequest", ended);
document.addEventListener("busy", started);
document.addEventListener("idle", ended);
window.addEventListener("pageshow", () => {
  running = 0;
  ended();
});

document.addEventListener("htmx:configRequest", (event) => {
  // Filters that are not set do not belong into the address.
  if (event.detail.verb !== "get" || !event.target.matches("form, form *")) return;
  for (const [key, value] of Object.entries(event.detail.parameters)) {
    if (value === "") event.detail.parameters.delete?.(key);
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  if (event.target.closest("[data-quiet]")) return;
  notice(xhr.status === 404 ? words.missing : words.broken, "refusal");
});

let lastOffline = 0;
document.addEventListener("htmx:sendError", (event) => {
  if (event.target.closest("[data-quiet]") || Date.now() - lastOffline < 10_000) return;
  lastOffline = Date.now();
  notice(words.offline, "refusal");
});

// Focus stays where it was; when what held it is gone, it goes to what came instead.
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  held = event.detail.target?.contains(document.activeElement) ? event.detail.target.id : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const wanted = event.detail.elt.querySelector?.("[data-focus], [autofocus]");
  if (wanted) wanted.focus();
  else if (held !== null && (document.activeElement === document.body || !document.activeElement)) {
    const place = document.getElementById(held) ?? event.detail.elt;
    const target = place.querySelector?.(".row-link, h2, h3") ?? place;
    if (!target.matches("a, button, input, select, textarea")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  }
  held = null;
  const total = event.detail.elt.querySelector?.(".list-total, .nothing p");
  if (total && event.detail.elt.closest("[data-list]")) say(total.textContent);
});

function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

// Notices -----------------------------------------------------------------------------------------------------------

const notices = document.getElementById("notices");

function notice(sentence, level = "success") {
  const box = document.createElement("div");
  box.className = `notice notice-${level}`;
  if (level === "refusal") box.append(icon("alert-circle"));
  const line = document.createElement("p");
  line.textContent = sentence;
  box.append(line);
  notices?.append(box);
}

document.addEventListener("notice", (event) => notice(event.detail.words, event.detail.level));

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
  for (const [name, value] of [["csrfmiddlewaretoken", token], ["next", location.pathname + location.search]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  const button = document.createElement("button");
  button.className = "notice-undo";
  button.textContent = words.undo;
  Object.assign(button.dataset, { key: "z", keyWords: words.undo });
  button.append(Object.assign(document.createElement("kbd"), { textContent: "z", ariaHidden: "true" }));
  form.append(button);
  return form;
}

function dress(box) {
  if (box.dataset.dressed !== undefined || !box.matches(".notice")) return;
  box.dataset.dressed = "";
  const lasting = box.matches(".notice-refusal, .notice-error, .notice-warning");
  if (box.dataset.undoUrl) box.append(undoForm(box.dataset.undoUrl));
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", words.close);
  close.append(icon("x"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  if (lasting) return;
  let left = 0;
  const wait = () => { left = setTimeout(() => box.remove(), box.dataset.undoUrl ? 10_000 : 6_000); };
  const hold = () => clearTimeout(left);
  box.addEventListener("mouseenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("mouseleave", wait);
  box.addEventListener("focusout", wait);
  wait();
}

if (notices) {
  for (const box of notices.children) dress(box);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) dress(node);
  }).observe(notices, { childList: true });
}

// Menu, side panel, drop menus --------------------------------------------------------------------------------------

const isPhone = () => matchMedia("(max-width: 760px)").matches;

function foldMenu(folded) {
  if (folded) root.dataset.menu = "folded";
  else delete root.dataset.menu;
  remember("menu", folded ? "folded" : "");
  const button = document.querySelector("[data-menu-fold]");
  button?.setAttribute("aria-expanded", String(!folded));
}

function toggleMenu() {
  const open = root.toggleAttribute("data-menu-open");
  document.querySelector(".menu-button")?.setAttribute("aria-expanded", String(open));
}

function toggleSide() {
  const open = isPhone() ? root.dataset.side !== "open" : root.dataset.side === "closed";
  root.dataset.side = open ? "open" : "closed";
  if (!isPhone()) remember("side", root.dataset.side);
  for (const button of document.querySelectorAll(".side-button")) button.setAttribute("aria-expanded", String(open));
  if (open && isPhone()) document.querySelector(".side-close")?.focus();
  if (!open) document.querySelector(".side-button")?.focus();
}

document.querySelector("[data-menu-fold]")?.setAttribute("aria-expanded", String(root.dataset.menu !== "folded"));
document
  .querySelector(".side-button")
  ?.setAttribute("aria-expanded", String(isPhone() ? root.dataset.side === "open" : root.dataset.side !== "closed"));

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-menu-fold]")) foldMenu(root.dataset.menu !== "folded");
  if (at("[data-menu-toggle]")) toggleMenu();
  if (at("[data-side-toggle]")) toggleSide();
  if (at("[data-veil]")) (root.hasAttribute("data-menu-open") ? toggleMenu : toggleSide)();
  if (at("[data-back]")) history.length > 1 ? history.back() : location.assign("/");
  if (at("[data-print]")) window.print();
  const filters = at("[data-filters-toggle]");
  if (filters) filters.setAttribute("aria-expanded", String(filters.form.classList.toggle("is-open")));
  const copy = at("[data-copy]");
  if (copy) {
    navigator.clipboard?.writeText(copy.dataset.copy).then(() => notice(`${words.copied} ${copy.dataset.copy}`));
  }
  for (const menu of document.querySelectorAll("details[data-drop-menu][open]")) {
    const chosen = menu.contains(event.target) && at(".drop-item");
    if (chosen) menu.querySelector("summary").focus(); // where one comes back to from a dialog
    if (chosen || !menu.contains(event.target)) menu.open = false;
  }
  const tab = at('[role="tab"]');
  if (tab) chooseTab(tab);
  followRow(event);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-drop-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (root.hasAttribute("data-menu-open")) toggleMenu();
  else if (isPhone() && root.dataset.side === "open") toggleSide();
});

// A click anywhere in a row opens it, unless something in it was meant or text is being marked.
function followRow(event) {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, select, textarea, label, summary")) return;
  if (String(getSelection())) return;
  const link = row.querySelector("a.row-link");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
}

// Tabs within a page: buttons with role="tab" and aria-controls.
function chooseTab(tab) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls"))?.toggleAttribute("hidden", !chosen);
  }
}

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const all = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  chooseTab(next);
  next.focus();
});

// Times that read “12 minutes ago” move on while the page stays open.
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60_000);
    if (minutes < 1) continue;
    const { clock } = time.dataset;
    time.firstChild.textContent = minutes < 60 ? words.minutes_ago.replace("{n}", minutes) : words.today;
    time.lastChild.textContent = ` · ${clock}`;
  }
}, 30_000);

// What is cut off says itself whole when one points at it.
document.addEventListener("mouseover", (event) => {
  const cut = event.target.closest?.("td, th, a, span, p, li, dd");
  if (!cut || cut.title || cut.scrollWidth <= cut.clientWidth) return;
  if (getComputedStyle(cut).textOverflow === "ellipsis") cut.title = cut.textContent.trim();
});

// A list wider than its place first leaves out the columns that a phone does without; if that is not enough it
// scrolls by itself. Where it fits, its head sticks to the top of the page.
const overflows = (place) => place.scrollWidth > place.clientWidth + 1;
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.classList.remove("is-narrow", "is-wide");
    target.classList.toggle("is-narrow", overflows(target));
    const wide = overflows(target);
    target.classList.toggle("is-wide", wide);
    target.toggleAttribute("tabindex", wide);
    if (wide) target.tabIndex = 0;
  }
});

function watchWidths(part) {
  for (const place of part.querySelectorAll(".list-scroll")) widths.observe(place);
}

watchWidths(document);
document.addEventListener("htmx:load", (event) => watchWidths(event.detail.elt.parentElement ?? document));
document.addEventListener("fresh", () => watchWidths(document));
