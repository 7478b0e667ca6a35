// Runs before the first paint, so that menu and side panel do not jump.
try {
  if (localStorage.getItem("menu") === "folded") document.documentElement.dataset.menu = "folded";
  if (localStorage.getItem("side") === "closed") document.documentElement.dataset.side = "closed";
} catch {
  // storage may be forbidden; everything is open then
}
