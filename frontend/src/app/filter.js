/** input[data-filter=table-id] hides the rows that do not hold every typed word; [data-none] is shown when none is left. */
export function filters() {
  document.querySelectorAll("[data-filter]").forEach((input) => {
    const table = document.getElementById(input.dataset.filter);
    if (!table) return;
    const apply = () => {
      const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      table.querySelectorAll("tbody tr:not([data-none])").forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      });
      table.querySelectorAll("tr[data-none]").forEach((row) => (row.hidden = shown > 0));
    };
    input.addEventListener("input", apply);
    apply();
  });
}
