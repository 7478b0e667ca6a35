// Judging clauses: after a decision by key one stands on the next row; one notice at a time; a page's rows at once.

let byKey = null; // the row on which a key decided something

document.addEventListener("click", (event) => {
  const button = event.target.closest(".judging-row button[hx-post]");
  if (button) byKey = event.detail === 0 && !button.matches(".chip-yes, .chip-no") ? button.closest("tr").id : null;
}, true);

document.addEventListener("htmx:afterSettle", () => {
  const all = document.querySelectorAll("#notices .notice-judged");
  for (const each of [...all].slice(0, -1)) each.remove();
  const rows = [...document.querySelectorAll(".judging-row")];
  const at = byKey === null ? -1 : rows.findIndex((row) => row.id === byKey);
  byKey = null;
  const next = at < 0 ? null : rows[at + 1];
  if (!next) return;
  next.querySelector(".row-link").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:responseError", () => { byKey = null; });

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-judging-all]")) return;
  for (const box of document.querySelectorAll("input[name=pick]")) box.checked = event.target.checked;
});
