// What every page does: a menu closes when one turns away from it. No page depends on it.
// @ts-check

const OPEN_MENUS = "details[data-menu][open]";

/** @param {Element | null} except */
function closeMenus(except) {
  for (const menu of document.querySelectorAll(OPEN_MENUS)) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("pointerdown", (event) => {
  closeMenus(event.target instanceof Element ? event.target.closest(OPEN_MENUS) : null);
});

document.addEventListener("focusin", (event) => {
  closeMenus(event.target instanceof Element ? event.target.closest(OPEN_MENUS) : null);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector(OPEN_MENUS);
  closeMenus(null);
  menu?.querySelector("summary")?.focus();
});
