// The board: arrow keys from cell to cell, one stop for Tab, and why a time is free or not in a panel at the side.
// Without JavaScript each cell is a link to the same answer on a page of its own.
// @ts-check

const board = document.querySelector(".board");
const panel = document.getElementById("cell");
if (board) startKeys(board);
if (board) showWhatMatters(board);
if (board && panel instanceof HTMLDialogElement) startPanel(board, panel);

/** Opens at this hour, or at the first booking of the day, not at midnight. @param {Element} table */
function showWhatMatters(table) {
  const [area, name] = [table.closest(".board-scroll"), table.querySelector(".board-corner")];
  const wanted =
    table.querySelector("[data-now]") ?? firstOf([...table.querySelectorAll(".board-booking, [data-kind=open] > a")]);
  if (!area || !name || !wanted) return;
  const room = name.getBoundingClientRect().width + 72;
  area.scrollLeft += wanted.getBoundingClientRect().left - area.getBoundingClientRect().left - room;
}

/** The one that is furthest to the left. @param {Element[]} cells */
function firstOf(cells) {
  const bookings = cells.filter((cell) => cell.matches(".board-booking"));
  return (bookings.length ? bookings : cells).reduce(
    (/** @type {Element | null} */ best, one) =>
      best && best.getBoundingClientRect().left <= one.getBoundingClientRect().left ? best : one,
    null,
  );
}

/** A grid of cells: one of them can be reached by Tab, the others by arrows (ARIA's roving tabindex). @param {Element} table */
function startKeys(table) {
  const cells = () => [...table.querySelectorAll("[data-cell]")].filter((one) => one instanceof HTMLElement);
  cells().forEach((cell, index) => (cell.tabIndex = index ? -1 : 0));
  table.addEventListener("focusin", (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches("[data-cell]")) return;
    for (const cell of cells()) cell.tabIndex = cell === event.target ? 0 : -1;
  });
  table.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || !(event.target instanceof HTMLElement)) return;
    const wanted = next(event.target, event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
  });
}

/** @param {HTMLElement} cell @param {string} key @returns {HTMLElement | null} */
function next(cell, key) {
  const row = cell.closest("tr");
  if (!row) return null;
  const along = document.dir === "rtl" ? -1 : 1;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const line = cellsOf(row);
    return line[line.indexOf(cell) + (key === "ArrowRight" ? along : -along)] ?? null;
  }
  if (key === "Home" || key === "End") return cellsOf(row).at(key === "Home" ? 0 : -1) ?? null;
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const rows = [...document.querySelectorAll(".board tbody tr")];
  const beside = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
  return beside ? nearest(cellsOf(beside), cell.getBoundingClientRect().left) : null;
}

/** @param {Element} row @returns {HTMLElement[]} */
function cellsOf(row) {
  return [...row.querySelectorAll("[data-cell]")].filter((one) => one instanceof HTMLElement);
}

/** @param {HTMLElement[]} cells @param {number} left */
function nearest(cells, left) {
  const distance = (/** @type {HTMLElement} */ one) => Math.abs(one.getBoundingClientRect().left - left);
  return cells.reduce((best, one) => (distance(one) < distance(best) ? one : best), cells[0]);
}

/** @param {Element} table @param {HTMLDialogElement} dialog */
function startPanel(table, dialog) {
  const [title, body] = [dialog.querySelector("h2"), dialog.querySelector("[data-panel]")];
  const failed = dialog.querySelector("template[data-failed]");
  if (!title || !body || !(failed instanceof HTMLTemplateElement)) return;
  const [question, waiting] = [title.textContent, body.innerHTML];
  let asked = 0;
  table.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.board-empty") : null;
    if (!(link instanceof HTMLAnchorElement) || !(event instanceof MouseEvent) || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault();
    const mine = (asked += 1);
    title.textContent = question;
    body.innerHTML = waiting;
    dialog.showModal();
    const answer = await fetchAnswer(link.href);
    if (mine !== asked) return; // another cell was chosen meanwhile
    title.textContent = answer?.getAttribute("data-title") ?? question;
    body.replaceChildren(
      ...(answer ? [...answer.children].filter((part) => !part.matches(".lead")) : [failed.content.cloneNode(true)]),
    );
  });
}

/** @param {string} address @returns {Promise<Element | null>} */
async function fetchAnswer(address) {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000), redirect: "error" });
    if (!response.ok) return null;
    const page = await response.text();
    // The body alone: the head's style has another answer's nonce.
    return new DOMParser().parseFromString(page.slice(page.indexOf("<body")), "text/html").getElementById("why");
  } catch {
    return null;
  }
}
