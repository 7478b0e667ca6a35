// Runs before the first paint, so that the menu does not jump from wide to narrow.
try {
  if (localStorage.getItem("menu") === "folded") document.documentElement.dataset.menu = "folded";
} catch {
  // storage may be forbidden; the menu is then always wide
}
