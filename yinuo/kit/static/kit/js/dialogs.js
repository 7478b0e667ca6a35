// Dialogs: those on the page, pages opened in one, and the question before a dangerous step.

const words = JSON.parse(document.body?.dataset.words || "{}");
const notices = document.getElementById("notices");
const shared = document.getElementById("dialog");
const sharedBody = document.getElementById("dialog-body");
const question = document.getElementById("confirm");
const confirmed = new WeakSet();
let asking = null;

const tell = (sentence) =>
  document.dispatchEvent(new CustomEvent("notice", { detail: { words: sentence, level: "refusal" } }));
const signal = (name) => document.dispatchEvent(new CustomEvent(name));

function open(dialog) {
  dialog.showModal();
  // What lies outside a modal dialog is inert: notices move in, so that they are seen and read aloud.
  if (notices) dialog.append(notices);
}

document.addEventListener(
  "close",
  (event) => {
    if (event.target.tagName === "DIALOG" && notices && event.target.contains(notices)) {
      (document.querySelector("dialog[open]") ?? document.body).append(notices);
    }
  },
  true,
);

// A page in the shared dialog: the same address shows the same form without JavaScript.
async function load(url, options = {}) {
  signal("busy");
  try {
    const response = await fetch(url, { ...options, headers: { "HX-Request": "true" }, redirect: "manual" });
    if (response.type === "opaqueredirect") return location.reload();
    const next = response.headers.get("HX-Redirect") ?? response.headers.get("HX-Location");
    if (next) return location.assign(next);
    if (response.headers.get("HX-Refresh")) return location.reload();
    const text = await response.text();
    if (response.headers.get("HX-Retarget") === "#notices") return notices.append(...parse(text).body.children);
    if (!response.ok && response.status !== 422) return tell(response.status === 404 ? words.missing : words.broken);
    if (response.status === 204) return location.reload();
    show(parse(text), url);
  } catch {
    tell(words.offline);
  } finally {
    signal("idle");
  }
}

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

function show(page, url) {
  const part = page.querySelector(".page-content") ?? page.body;
  const title = page.querySelector(".page-words h1")?.textContent ?? page.querySelector("[data-title]")?.dataset.title;
  if (title) document.getElementById("dialog-title").textContent = title;
  const put = () => sharedBody.replaceChildren(...[...part.childNodes].map((node) => document.adoptNode(node)));
  document.dispatchEvent(new CustomEvent("keep-files", { detail: { place: sharedBody, put } }));
  for (const form of sharedBody.querySelectorAll("form:not([action])")) form.action = url;
  globalThis.htmx?.process(sharedBody);
  signal("fresh");
  if (!shared.open) open(shared);
  const first = sharedBody.querySelector("[data-focus], [autofocus], .has-fault :is(input, select, textarea), :is(input, select, textarea):not([type=hidden])");
  const chosen = first?.type === "radio" ? sharedBody.querySelector(`[name="${CSS.escape(first.name)}"]:checked`) : null;
  (chosen ?? first)?.focus();
}

sharedBody?.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  load(form.action, { method: "POST", body: new FormData(form, event.submitter) }).finally(() => {
    form.removeAttribute("aria-busy");
  });
});

document.addEventListener("close-dialog", () => document.querySelector("dialog[open]")?.close());

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.defaultPrevented && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const wanted = opener.dataset.dialog || opener.getAttribute("href");
    if (wanted.startsWith("#")) return open(document.querySelector(wanted));
    document.getElementById("dialog-title").textContent = opener.dataset.dialogTitle ?? opener.textContent.trim();
    load(wanted);
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.tagName === "DIALOG" && event.target !== question) {
    // A click on the backdrop closes, unless something was typed.
    if (!event.target.querySelector("form[data-dirty]")) event.target.close();
  }
});

// The question comes first in line, before htmx or the form see the click.
document.addEventListener(
  "click",
  (event) => {
    const target = event.target.closest("[data-confirm]");
    if (!target || confirmed.has(target) || target.form?.reportValidity() === false) {
      if (target && !confirmed.has(target)) stop(event);
      return;
    }
    stop(event);
    asking = target;
    question.querySelector(".confirm-sentence").textContent = target.dataset.confirm;
    const yes = question.querySelector("[data-confirm-yes]");
    yes.textContent = target.dataset.confirmWord ?? target.textContent.trim();
    yes.className = `btn ${target.dataset.confirmKind === "plain" ? "btn-primary" : "btn-danger"}`;
    open(question);
  },
  true,
);

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

question?.querySelector("[data-confirm-yes]").addEventListener("click", () => {
  const target = asking;
  question.close();
  if (!target) return;
  confirmed.add(target);
  target.click();
  confirmed.delete(target);
});
question?.addEventListener("close", () => {
  asking?.focus();
  asking = null;
});
