// A small box at a mark in the text: what was seen there, and what can be done about it.
import { element } from "../element.js";
import { place } from "../floating.js";

let shown = null;

export function closeTip() {
  shown?.close();
}

/**
 * Shows `content` at the places `from` to `to`. Asked for by keyboard (`isEntered`), its first button takes the focus
 * and Escape gives it back; a click leaves the cursor in the text, and the next key closes the box.
 */
export function openTip(view, { from, to, label, isEntered }, ...content) {
  closeTip();
  const box = element("div", { class: "tip", role: "dialog", "aria-label": label }, ...content);
  const outside = (event) => box.contains(event.target) || closeTip();
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
    view.dom.removeEventListener("keydown", closeTip);
    if (box.contains(document.activeElement)) view.focus();
    box.remove();
    shown = null;
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    closeTip();
  });
  document.body.append(box);
  shown = { close };
  const [start, end] = [view.coordsAtPos(from), view.coordsAtPos(to, -1)];
  place(box, { left: start.left, top: start.top, bottom: Math.max(start.bottom, end.bottom) });
  document.addEventListener("pointerdown", outside, true);
  view.dom.addEventListener("keydown", closeTip);
  if (isEntered) box.querySelector("button")?.focus();
  return true;
}
