// Chart and table speak of the same steps: choosing one in either marks it in both.

const place = document.querySelector("[data-procedure]");

function choose(key, from) {
  for (const each of place.querySelectorAll("[data-step]")) {
    const chosen = each.dataset.step === key;
    each.classList.toggle("is-chosen", chosen);
    if (each.matches("g")) each.setAttribute("aria-pressed", String(chosen));
    if (chosen && !from.contains(each)) each.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function chosenIn(event) {
  const step = event.target.closest("[data-step]");
  if (!step || event.target.closest("a, button")) return;
  choose(step.dataset.step, step.closest("svg, table, ol") ?? step);
}

place?.addEventListener("click", chosenIn);
place?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  if (event.target.matches("[data-step]")) {
    event.preventDefault();
    chosenIn(event);
  }
});

// Where the run stands is in sight.
const scroll = place?.querySelector(".chart-scroll");
const current = scroll?.querySelector(".pc-step.is-current");
if (current) {
  const there = current.getBoundingClientRect();
  const here = scroll.getBoundingClientRect();
  scroll.scrollTop += there.top - here.top - scroll.clientHeight / 3;
  scroll.scrollLeft += there.left - here.left - scroll.clientWidth / 3;
}
