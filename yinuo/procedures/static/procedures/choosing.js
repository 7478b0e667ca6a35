// A box in the head of a table ticks all boxes of its name that can be ticked.

for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = () => [...all.form.querySelectorAll(`input[name="${all.dataset.all}"]:not(:disabled)`)];
  all.hidden = false;
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  all.form.addEventListener("change", () => { all.checked = boxes().every((box) => box.checked); });
}
