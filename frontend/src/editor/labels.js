// Draws the labels of items and ordinals as decorations: they are seen, never stored.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { number, numeral } from "./numbers.js";

const key = new PluginKey("labels");

export const Labels = Extension.create({
  name: "labels",
  addOptions: () => ({ level: 1, placeholder: "" }),
  addProseMirrorPlugins() {
    const { level, placeholder } = this.options;
    return [
      new Plugin({
        key,
        state: {
          init: (_, state) => drawn(state.doc, level, placeholder),
          apply(tr, set) {
            if (!tr.docChanged) return set;
            // An input method is composing: move what is drawn, touch nothing. It is drawn anew with the next change.
            return tr.getMeta("composition") ? set.map(tr.mapping, tr.doc) : drawn(tr.doc, level, placeholder);
          },
        },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },
});

/** The ordinal number that would be drawn for an ordinal put at `place`. */
export function nextOrdinal(doc, place) {
  let count = 0;
  const $place = doc.resolve(place);
  const cell = $place.depth > 1;
  const from = cell ? $place.start(-1) : 0;
  doc.nodesBetween(from, place, (node, at) => {
    if (at < from) return true;
    if (!cell && (node.type.name === "table" || node.type.name === "picture")) return false;
    if (node.type.name === "item") count = 0;
    if (node.type.name === "ordinal" && at < place) count = node.attrs.restart ? 1 : count + 1;
    return true;
  });
  return count + 1;
}

export const wrote = (word) => {
  for (let count = 1; count <= 20; count += 1) if (word === `${numeral(count)}是`) return count;
  return 0;
};

/** The labels drawn between two places, in order. */
export function drawnLabels(state, from, to) {
  return key
    .getState(state)
    .find(from, to)
    .filter((decoration) => decoration.from < to && decoration.to > from && decoration.spec.label)
    .sort((one, other) => one.from - other.from)
    .map((decoration) => decoration.spec.label);
}

function drawn(doc, level, placeholder) {
  const found = [];
  const label = (_kind, text, [from, to]) => found.push(Decoration.node(from, to, { "data-label": text }, { label: text }));
  number(blocksOf(doc, 0, (table, at) => table.descendants((cell, offset) => {
    if (cell.type.spec.tableRole !== "cell" && cell.type.spec.tableRole !== "header_cell") return true;
    number(blocksOf(cell, at + offset + 2), 4, label);
    return false;
  })), level, label);
  const only = doc.childCount === 1 ? doc.firstChild : null;
  if (placeholder && only?.type.name === "paragraph" && only.content.size === 0) {
    found.push(Decoration.node(0, only.nodeSize, { class: "is-empty-document", "data-placeholder": placeholder }));
  }
  return DecorationSet.create(doc, found);
}

/** Text blocks of `parent`, whose content begins at `start`, as numbers.js wants them; tables go to `visitTable`. */
function blocksOf(parent, start, visitTable) {
  const blocks = [];
  parent.forEach((block, offset) => {
    const at = start + offset;
    if (block.type.name === "table") visitTable?.(block, at);
    if (!block.isTextblock) return;
    const inlines = [];
    block.forEach((node, inner) => {
      if (node.type.name !== "ordinal") return;
      const from = at + 1 + inner;
      inlines.push({ type: "ordinal", restart: node.attrs.restart, place: [from, from + 1] });
    });
    blocks.push({ type: block.type.name, inlines, place: [at, at + block.nodeSize] });
  });
  return blocks;
}
