// Choosing a person or a time chooses the way it belongs to. The page works without.
// @ts-check
document.addEventListener("change", (event) => {
  const changed = event.target;
  if (!(changed instanceof HTMLSelectElement) || !changed.dataset.picks) return;
  const way = document.getElementById(changed.dataset.picks);
  if (way instanceof HTMLInputElement) way.checked = true;
});
