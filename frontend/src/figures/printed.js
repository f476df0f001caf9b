// Where a character of the printed text stands in the editor. The server counts characters, the editor places.
import { ordinalLabel } from "../editor/numbers.js";

/**
 * The range of a place { block, row, start, end } as the server counts it, with the characters that stand there:
 * { from, to, text }; null where there is no such place now.
 */
export function rangeOf(doc, { block, row, start, end }) {
  if (block >= doc.childCount) return null;
  const line = row === null || row === undefined ? blockLine(doc, block) : rowLine(doc, block, row);
  const found = line?.slice(start, end) ?? [];
  if (!found.length || found.length < end - start) return null;
  return { from: found[0].from, to: found.at(-1).to, text: found.map((one) => one.character).join("") };
}

/** What stands between two places, as the server counts it: { block, row, start, end, text }; null across lines. */
export function placeOf(doc, from, to) {
  const block = doc.resolve(from).index(0);
  if (from >= to || block >= doc.childCount || doc.resolve(to).index(0) !== block) return null;
  const table = doc.child(block);
  const rows = table.type.name === "table" ? [...Array(table.childCount).keys()] : [null];
  for (const row of rows) {
    const line = (row === null ? blockLine(doc, block) : rowLine(doc, block, row)) ?? [];
    const start = line.findIndex((one) => one.from >= from && one.to > one.from);
    const end = line.findLastIndex((one) => one.to <= to && one.to > one.from) + 1;
    if (start < 0 || end <= start) continue;
    return { block, row, start, end, text: line.slice(start, end).map((one) => one.character).join("") };
  }
  return null;
}

/** The characters printed between two places of one paragraph. */
export function textBetween(doc, from, to) {
  let text = "";
  doc.nodesBetween(from, to, (node, at) => {
    if (node.isText) text += node.text.slice(Math.max(0, from - at), to - at);
    else if (node.type.name === "figure") text += node.attrs.shown;
    else if (node.isInline) text += "\uFFFC";
  });
  return text;
}

function blockLine(doc, index) {
  let ordinals = 0;
  let line = null;
  doc.forEach((block, offset, number) => {
    if (number > index) return;
    if (block.type.name === "item") ordinals = 0;
    const { characters, count } = charactersOf(block, offset + 1, ordinals);
    ordinals = count;
    line = block.isTextblock ? characters : null;
  });
  return line;
}

function rowLine(doc, index, wanted) {
  const table = doc.child(index);
  if (table.type.name !== "table" || wanted >= table.childCount) return null;
  let start = 1;
  for (let before = 0; before < index; before += 1) start += doc.child(before).nodeSize;
  for (let before = 0; before < wanted; before += 1) start += table.child(before).nodeSize;
  const line = [];
  table.child(wanted).forEach((cell, offset, column) => {
    const inside = start + 1 + offset + 1;
    if (column) line.push(gap("\t", inside));
    let ordinals = 0;
    cell.forEach((paragraph, inner, number) => {
      if (number) line.push(gap(" ", inside + inner));
      const { characters, count } = charactersOf(paragraph, inside + inner + 1, ordinals);
      ordinals = count;
      line.push(...characters);
    });
  });
  return line;
}

const gap = (character, at) => ({ character, from: at, to: at });

/** The characters of a paragraph whose content begins at `start`, each with the places it stands between. */
function charactersOf(block, start, ordinals) {
  const characters = [];
  let count = ordinals;
  if (!block.isTextblock) return { characters, count };
  block.forEach((node, offset) => {
    const from = start + offset;
    if (node.isText) {
      let at = from;
      for (const character of node.text) characters.push({ character, from: at, to: (at += character.length) });
      return;
    }
    if (node.type.name === "ordinal") count = node.attrs.restart ? 1 : count + 1;
    const printed = node.type.name === "ordinal" ? ordinalLabel(count) : node.attrs.shown ?? "";
    for (const character of printed) characters.push({ character, from, to: from + node.nodeSize });
  });
  return { characters, count };
}
