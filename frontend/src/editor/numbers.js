// How numbers are drawn: the same rule as perfapp.core.document.drawn and heading_label.
const DIGITS = "零一二三四五六七八九";

/** 1 to 99 in Chinese numerals. */
export function numeral(number) {
  const tens = Math.floor(number / 10);
  const ones = number % 10;
  const head = tens === 0 ? "" : tens === 1 ? "十" : `${DIGITS[tens]}十`;
  return head + (ones ? DIGITS[ones] : "");
}

/** 一、 （一） 1. （1） ① for levels 1 to 5. */
export function headingLabel(level, number) {
  if (level === 1) return `${numeral(number)}、`;
  if (level === 2) return `（${numeral(number)}）`;
  if (level === 3) return `${number}.`;
  if (level === 4) return `（${number}）`;
  return number <= 20 ? String.fromCharCode(0x2460 + number - 1) : `（${number}）`;
}

export const ordinalLabel = (number) => `${numeral(Math.min(number, 99))}是`;

/**
 * Calls `draw(kind, label, place)` for every item and ordinal of the blocks, in order.
 * `blocks` yields { type, inlines: iterable of { type, restart, place }, place }; a table cell starts its own count.
 */
export function number(blocks, level, draw) {
  let items = 0;
  let ordinals = 0;
  for (const block of blocks) {
    if (block.type === "item") {
      items += 1;
      ordinals = 0;
      draw("item", headingLabel(level + 1, items), block.place);
    }
    for (const inline of block.inlines) {
      if (inline.type !== "ordinal") continue;
      ordinals = inline.restart ? 1 : ordinals + 1;
      draw("ordinal", ordinalLabel(ordinals), inline.place);
    }
  }
}
