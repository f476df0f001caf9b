/** [data-drop]: a label round a file input that takes a dropped file; too large is said before anything is sent. */
export function dropZones() {
  document.querySelectorAll("[data-drop]").forEach((zone) => {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-drop-name]");
    const error = zone.parentElement.querySelector("[data-drop-error]");
    const limit = Number(zone.dataset.maxBytes || 0);
    const chosen = () => {
      const files = [...input.files];
      if (!files.length) return;
      const large = files.find((file) => limit && file.size > limit);
      error.hidden = !large;
      error.textContent = large ? `“${large.name}”有 ${(large.size / 2 ** 20).toFixed(1)} MB，最多 ${Math.floor(limit / 2 ** 20)} MB。` : "";
      if (large) {
        input.value = "";
        return;
      }
      name.textContent = files.map((file) => file.name).join("、");
      if ("submit" in zone.dataset) input.form?.requestSubmit();
    };
    input.addEventListener("change", chosen);
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      chosen();
    });
  });
}
