const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Why these files cannot be sent; "" when they can. `limit` is for each file, `most` for their number. */
function refusal(files, limit, most) {
  const large = files.find((file) => limit && file.size > limit);
  if (large) return `“${large.name}”有 ${megabytes(large.size)}，每个文件最多 ${Math.floor(limit / 2 ** 20)} MB。`;
  return most && files.length > most ? `选了 ${files.length} 个文件，一次最多 ${most} 个，请分几次上传。` : "";
}

/** [data-drop]: a label round a file input that takes a dropped file; too large is said before anything is sent. */
export function dropZones() {
  document.querySelectorAll("[data-drop]").forEach((zone) => {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-drop-name]");
    const error = zone.parentElement.querySelector("[data-drop-error]");
    const limit = Number(zone.dataset.maxBytes || 0);
    const most = Number(zone.dataset.maxFiles || 0);
    const chosen = () => {
      const files = [...input.files];
      if (!files.length) return;
      error.textContent = refusal(files, limit, most);
      error.hidden = !error.textContent;
      if (error.textContent) {
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
