// Forms: sent once, guarded while unsaved, text areas that grow, files dropped or pasted, selects to search in.

const words = JSON.parse(document.body?.dataset.words || "{}");

// Sent once ---------------------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.closest("dialog")) return;
  delete form.dataset.dirty;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  document.dispatchEvent(new CustomEvent("busy"));
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// What only asks while one writes ([data-quiet]) keeps nobody from sending.
const asksOnly = (event) => event.target.closest?.("[data-quiet]") || event.detail.requestConfig.verb === "get";

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form");
  if (!form || asksOnly(event)) return;
  if (form.getAttribute("aria-busy") === "true") event.preventDefault();
  else form.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!asksOnly(event)) event.target.closest?.("form")?.removeAttribute("aria-busy");
});

// Guarded while unsaved ---------------------------------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form && form.method === "post") form.dataset.dirty = "";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-dirty]");
  if (form && event.detail.successful) delete form.dataset.dirty;
});

// Text areas that grow (where CSS cannot do it) -----------------------------------------------------------------------

const grows = !globalThis.CSS?.supports("field-sizing", "content");

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

document.addEventListener("input", (event) => {
  if (grows && event.target.matches("textarea[data-grow]")) grow(event.target);
});

// Ctrl+Enter sends the form one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

// Files: dropped, pasted, chosen --------------------------------------------------------------------------------------

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function hold(input, files) {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
  list(input);
}

function add(input, files) {
  const before = input.multiple ? [...input.files] : [];
  hold(input, [...before, ...(input.multiple ? files : files.slice(0, 1))]);
  if (input.form?.method === "post") input.form.dataset.dirty = "";
}

function list(input) {
  const place = input.closest("[data-drop-zone]").querySelector(".drop-list");
  const limit = Number(input.dataset.maxBytes || 0);
  place.replaceChildren(
    ...[...input.files].map((file, index) => {
      const row = document.createElement("li");
      const tooLarge = limit && file.size > limit;
      row.classList.toggle("is-too-large", Boolean(tooLarge));
      const name = document.createElement("span");
      name.className = "drop-name";
      name.textContent = file.name;
      const size = document.createElement("span");
      size.className = "drop-size num";
      size.textContent = tooLarge ? `${sizeOf(file.size)} · ${words.too_large}` : sizeOf(file.size);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "drop-remove";
      remove.setAttribute("aria-label", `${words.remove} ${file.name}`);
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        hold(input, [...input.files].filter((_file, at) => at !== index));
        input.focus();
      });
      row.append(name, size, remove);
      return row;
    }),
  );
}

// A form that comes back with faults keeps its files: no browser lets a page put them in again, so the form is sent
// from here, and what comes back takes them over. (A form in a dialog is sent by the dialog; it asks for the same.)
const heldIn = (place) =>
  [...place.querySelectorAll("input[type=file]")].filter((input) => input.files.length).map((input) => [input.name, [...input.files]]);

function giveBack(place, held) {
  for (const [name, files] of held) {
    const input = place.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
    if (input?.closest("[data-drop-zone]")) hold(input, files);
  }
}

document.addEventListener("keep-files", (event) => {
  const { place, put } = event.detail;
  const held = heldIn(place);
  put();
  giveBack(place, held);
});

const tell = (sentence) => document.dispatchEvent(new CustomEvent("notice", { detail: { words: sentence, level: "refusal" } }));

async function send(form, submitter) {
  const place = form.closest(".page-content");
  try {
    const headers = { "HX-Request": "true", "HX-Boosted": "true" };
    const body = new FormData(form, submitter);
    const response = await fetch(form.action || location.href, { method: "POST", body, headers, redirect: "manual" });
    const next = response.headers.get("HX-Redirect") ?? response.headers.get("HX-Location");
    if (next) return location.assign(next);
    if (response.type === "opaqueredirect" || response.headers.get("HX-Refresh")) return location.reload();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.headers.get("HX-Retarget") === "#notices") return document.getElementById("notices").append(...page.body.children);
    if (response.status !== 422) return tell(response.status === 404 ? words.missing : words.broken);
    const part = page.querySelector(".page-content") ?? page.body;
    const held = heldIn(form);
    place.replaceChildren(...[...part.childNodes].map((node) => document.adoptNode(node)));
    giveBack(place, held);
    globalThis.htmx?.process(place);
    document.dispatchEvent(new CustomEvent("fresh"));
    place.querySelector("form").dataset.dirty = "";
    place.querySelector(".has-fault :is(input, select, textarea)")?.focus();
  } catch {
    form.dataset.dirty = "";
    tell(words.offline);
  } finally {
    form.removeAttribute("aria-busy");
    document.dispatchEvent(new CustomEvent("idle"));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches(".page-content [data-keeps-files]") || form.hasAttribute("hx-post")) return;
  if (!heldIn(form).length) return;
  event.preventDefault();
  send(form, event.submitter);
});

const chosen = new WeakMap(); // what an input held before the person chose more

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-drop-zone] input[type=file]")) chosen.set(event.target, [...event.target.files]);
});
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("[data-drop-zone] input[type=file]")) return;
  const fresh = [...input.files];
  hold(input, input.multiple ? [...(chosen.get(input) ?? []), ...fresh] : fresh);
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop-zone]");
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") add(zone.querySelector("input[type=file]"), [...event.dataTransfer.files]);
  });
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  // Office programs put a picture beside the words that one pastes into a text.
  if (event.clipboardData.types.includes("text/plain") && event.target.matches?.("input, textarea")) return;
  const near = event.target.closest?.("form")?.querySelector("[data-drop-zone] input[type=file]");
  const input = near ?? document.querySelector("[data-drop-zone] input[type=file]");
  if (!input) return;
  event.preventDefault();
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
  add(input, files.map((file) => (file.name === "image.png" ? new File([file], `${words.screenshot}-${stamp}.png`, { type: file.type }) : file)));
});

// Selects to search in: tom-select is fetched only where there is one -------------------------------------------------

let tomSelect = null;

function fetchTomSelect() {
  tomSelect ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: document.body.dataset.tomSelectStyle });
    const script = Object.assign(document.createElement("script"), { src: document.body.dataset.tomSelect });
    script.addEventListener("load", () => resolve(globalThis.TomSelect));
    script.addEventListener("error", reject);
    document.head.insertBefore(style, document.head.querySelector("link[data-own]"));
    document.head.append(script);
  });
  return tomSelect;
}

async function searchable(select) {
  const TomSelect = await fetchTomSelect();
  if (select.tomselect) return;
  const remote = select.dataset.search;
  const box = new TomSelect(select, {
    maxOptions: 200,
    refreshThrottle: 0, // filters at once: a late filter would open the list again and take the focus back
    hidePlaceholder: true,
    plugins: select.multiple ? { remove_button: { title: words.remove } } : {},
    valueField: "value",
    labelField: "text",
    searchField: remote ? [] : ["text"],
    // Before anything is typed the first ones are offered. Never after: that load would take the place of the typed one.
    onFocus: remote ? () => box.inputValue() === "" && box.load("") : undefined,
    load: remote
      ? async (text, done) => {
          const beside = select.form?.elements[select.dataset.searchWith]; // what is chosen there narrows what is offered
          const narrowed = beside?.value ? `&${beside.name}=${encodeURIComponent(beside.value)}` : "";
          const response = await fetch(`${remote}${remote.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}${narrowed}`);
          const found = response.ok ? await response.json() : [];
          // Too late: another text stands there by now, or somebody is chosen. The list stays as it is.
          const isLate = text !== box.inputValue() || (!box.isOpen && !select.multiple && box.items.length > 0);
          const wasOpen = box.isOpen;
          if (!isLate) box.clearOptions();
          done(isLate ? [] : found);
          if (isLate && !wasOpen) box.close();
        }
      : undefined,
    onType: remote
      ? () => {
          box.clearOptions(); // what an earlier text brought does not answer this one, and cannot be chosen for it
          box.refreshOptions();
        }
      : undefined,
    render: {
      no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: words.no_hits }),
    },
  });
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"], label[for="${CSS.escape(select.id)}-ts-control"]`);
  const name = label?.firstChild.textContent.trim() ?? select.getAttribute("aria-label") ?? "";
  box.control_input.setAttribute("aria-label", name);
  select.setAttribute("aria-hidden", "true"); // the box speaks for it: heard once, not twice
}

function dress(part) {
  for (const select of part.querySelectorAll("select[data-search]")) if (!select.tomselect) searchable(select);
  if (grows) for (const area of part.querySelectorAll("textarea[data-grow]")) grow(area);
}

dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement ?? document));
document.addEventListener("fresh", () => dress(document));

// Tables of lines: one more line (without JavaScript the empty lines that are there must do) ---------------------------

function offerLines() {
  for (const button of document.querySelectorAll("[data-line-add][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-line-add]");
  if (!button) return;
  const lines = button.closest("[data-lines]");
  const taken = [...lines.querySelectorAll("[name]")].map((each) => Number(each.name.match(/-n(\d+)-/)?.[1] ?? -1));
  const next = Math.max(-1, ...taken) + 1;
  const row = lines.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const each of row.querySelectorAll("[name]")) {
    each.name = each.name.replace("-n__-", `-n${next}-`);
    each.id = each.id.replace("-n__-", `-n${next}-`);
  }
  button.before(row);
  dress(row);
  row.querySelector("textarea, input, select")?.focus();
});

offerLines();
document.addEventListener("htmx:load", offerLines);
document.addEventListener("fresh", offerLines);
