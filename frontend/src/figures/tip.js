// A small box at a mark in the text: what was seen there, and what can be done about it.
import { element } from "../element.js";
import { place } from "../floating.js";

let shown = null;

export function closeTip() {
  shown?.close();
}

/** Shows `content` at the places `from` to `to`; the first button takes the focus, Escape gives it back. */
export function openTip(view, { from, to, label }, ...content) {
  closeTip();
  const box = element("div", { class: "tip", role: "dialog", "aria-label": label }, ...content);
  const outside = (event) => box.contains(event.target) || closeTip();
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
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
  box.querySelector("button")?.focus();
  return true;
}
