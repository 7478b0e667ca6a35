// A click anywhere in a row of the grid ticks it as a row of headings.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-heading-rows] tbody tr");
  if (!row || event.target.closest("label, input")) return;
  const tick = row.querySelector("input");
  tick.checked = !tick.checked;
});
