// Suggestions under the search box: arrow keys walk, Enter opens, Escape or a click elsewhere closes.

const box = document.getElementById("top-search");
const place = document.getElementById("top-suggest");

const options = () => [...place.querySelectorAll('[role="option"]')];

function show(open) {
  place.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  if (!open) choose(null);
}

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

place.addEventListener("htmx:afterSwap", () => show(document.activeElement === box && place.childElementCount > 0));

box.addEventListener("focus", () => show(place.childElementCount > 0 && box.value.trim() !== ""));

box.addEventListener("input", () => {
  if (box.value.trim() === "") show(false);
});

box.addEventListener("keydown", (event) => {
  if (place.hidden) return;
  const all = options();
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(all[(now + step + all.length + (now < 0 && step < 0 ? 1 : 0)) % all.length]);
  } else if (event.key === "Enter" && now >= 0) {
    event.preventDefault();
    all[now].click();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    show(false);
  } else if (event.key === "Tab") show(false);
});

document.addEventListener("click", (event) => {
  if (!place.contains(event.target) && event.target !== box) show(false);
});
