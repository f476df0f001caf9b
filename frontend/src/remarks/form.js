// A passage that is chosen in a text becomes the subject of a remark: a button beside it, or Ctrl+Alt+M.
import { element } from "../element.js";
import { place as placeBeside } from "../floating.js";

const PAUSE = 150; // until a selection that is still being drawn has come to rest
const SETTLED = 40; // until the editor has heard of the last key that changed the selection

/**
 * `chosen()` gives what is chosen now: { sectionId, block, row, start, end, text, box } or null.
 * The form of its section takes it over; where the page has none, nothing is offered.
 */
export function offerRemarks(chosen) {
  let timer = null;
  const button = element(
    "button",
    { class: "button button--small remark-button no-print", type: "button", hidden: true, "aria-keyshortcuts": "Control+Alt+M", pointerdown: (event) => event.preventDefault(), click: () => take(chosen()) },
    "批注",
  );
  document.body.append(button);
  const show = () => {
    const found = chosen();
    button.hidden = !found || !formOf(found.sectionId);
    if (!button.hidden) placeBeside(button, found.box);
  };
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !event.altKey || event.code !== "KeyM") return;
    const found = chosen();
    if (!found || !formOf(found.sectionId)) return;
    event.preventDefault();
    setTimeout(() => take(chosen() ?? found), SETTLED);
  });
  function take(found) {
    button.hidden = true;
    if (found) fill(formOf(found.sectionId), found);
  }
}

/** The forms show the field for other words only where they are asked for. */
export function remarkForms(root) {
  root.querySelectorAll("[data-remark-form]").forEach((form) => {
    const draw = () => {
      const place = form.querySelector("[data-replacement]");
      if (place) place.hidden = !["replace", "insert"].includes(form.elements.deed?.value);
    };
    form.addEventListener("change", draw);
    form.addEventListener("input", (event) => event.target.name === "quoted" && forgetPlace(form));
    draw();
  });
}

/** The form of this section, or the one in which this section can be chosen. */
function formOf(sectionId) {
  const isOf = (form) => new URL(form.action).pathname === `/sections/${sectionId}/remarks`;
  const offers = (form) => [...(form.elements.section?.options ?? [])].some((option) => option.value === String(sectionId));
  return [...document.querySelectorAll("[data-remark-form]")].find((form) => isOf(form) || offers(form));
}

function fill(form, found) {
  if (form.elements.section) form.elements.section.value = found.sectionId;
  form.elements.quoted.value = found.text;
  for (const name of ["block", "row", "start", "end"]) form.elements[name].value = found[name] ?? "";
  open(form);
  form.elements.words.focus();
}

/** Words that were typed by hand stand wherever they stand. */
function forgetPlace(form) {
  for (const name of ["block", "row", "start", "end"]) form.elements[name].value = "";
}

/** Opens what the place is folded into: a dialog, a panel, a list. */
export function open(place) {
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const dialog = place.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  const panel = place.closest(".side__panel");
  if (panel?.hidden) document.getElementById(`${panel.id}-tab`)?.click();
  place.scrollIntoView({ block: "nearest" });
}

/** Shows a remark, wherever it is folded away. */
export function showRemark(id) {
  const place = document.getElementById(`remark-${id}`);
  if (!place) return false;
  open(place);
  place.focus();
  return true;
}

/** `go(id)` is asked for when the words of a remark are chosen in its list; it says whether it has shown them. */
export function followQuotations(go) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-remark-go]");
    if (link && go(Number(link.dataset.remarkGo))) event.preventDefault();
  });
}

/** The places of the open remarks that the page was sent with. */
export function remarkPlaces(root) {
  return [...root.querySelectorAll("script[data-remark-places]")].flatMap((script) => JSON.parse(script.textContent));
}
