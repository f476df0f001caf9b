const GAP = 6;
const EDGE = 8;

/** Puts a fixed box below the rectangle, or above where there is no room; always wholly on the screen. */
export function place(box, rect) {
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth } = document.documentElement;
  // What the keyboard of a phone leaves over.
  const clientHeight = window.visualViewport?.height ?? document.documentElement.clientHeight;
  const below = rect.bottom + GAP;
  const top = below + height + EDGE <= clientHeight || rect.top - GAP - height < EDGE ? below : rect.top - GAP - height;
  box.style.insetInlineStart = `${Math.max(EDGE, Math.min(rect.left, clientWidth - width - EDGE))}px`;
  box.style.insetBlockStart = `${Math.max(EDGE, Math.min(top, clientHeight - height - EDGE))}px`;
}
