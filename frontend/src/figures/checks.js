// The panel 检查: the server draws it, with the text it was drawn for; here it is kept up to date.
import { element } from "../element.js";

const PANEL = "section-side-checks";

/** Puts the panel in place, unless the person is writing an explanation in the one that stands. */
export function showChecks({ panel, count }, token) {
  const place = document.getElementById(PANEL);
  if (!place || isWritten(place)) return;
  if (place.dataset.drawn !== panel) {
    const opened = new Set([...place.querySelectorAll("details[open]")].map((one) => one.id));
    place.innerHTML = panel;
    place.dataset.drawn = panel;
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  }
  place.querySelectorAll("input[name=csrf_token]").forEach((input) => (input.value = token));
  showCount(count);
}

/** `go(fingerprint, number)` is asked for when a place of a finding is chosen. */
export function choosePlaces(go) {
  document.getElementById(PANEL)?.addEventListener("click", (event) => {
    const link = event.target.closest("[data-place]");
    if (link && go(link.dataset.finding, Number(link.dataset.place))) event.preventDefault();
  });
}

/** An explanation is sent without leaving the text; `send(form)` gives "" or the sentence of a refusal, `then` follows. */
export function takeExplanations(send, then) {
  document.getElementById(PANEL)?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    button.disabled = true;
    const refusal = await send(form);
    button.disabled = false;
    form.querySelector("[role=alert]")?.remove();
    if (refusal) {
      form.append(element("p", { class: "field__error", role: "alert" }, refusal));
      return;
    }
    form.reset();
    document.getElementById(`${PANEL}-tab`)?.focus();
    then();
  });
}

/** Opens the panel at one finding. */
export function showFinding(fingerprint) {
  document.getElementById(`${PANEL}-tab`)?.click();
  const place = document.getElementById(`finding-${fingerprint}`);
  place?.scrollIntoView({ block: "nearest" });
  place?.focus();
}

function isWritten(place) {
  return [...place.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue || area === document.activeElement);
}

function showCount(count) {
  const tab = document.getElementById(`${PANEL}-tab`);
  if (!tab) return;
  let badge = tab.querySelector(".count");
  if (!count) badge?.remove();
  else {
    badge ??= tab.appendChild(Object.assign(document.createElement("span"), { className: "count" }));
    badge.textContent = count;
  }
}
