// The form of the statistics: a choice counts at once; the two days of one's own span are shown when it is chosen.
"use strict";
document.addEventListener("change", (event) => {
  const form = event.target.closest(".statistics-form");
  if (!form) return;
  const isOwn = form.querySelector("[data-span]").value === "own";
  form.querySelector("[data-own]").hidden = !isOwn;
  if (event.target.matches("select") && !(isOwn && event.target.matches("[data-span]"))) form.requestSubmit();
});
