// Where scripts run, the card form is about to come. No module: it runs before the page is painted, so nothing jumps.
// @ts-check
document.querySelector("[data-otherwise]")?.setAttribute("hidden", "");
