// A live figure: a fact in the sentence. Its characters are drawn from the fact and never typed.
import { Node } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { referenceKey } from "../editor/model.js";

const kept = (name, read = (value) => value, otherwise = null) => ({
  default: otherwise,
  parseHTML: (dom) => (dom.hasAttribute(`data-${name}`) ? read(dom.getAttribute(`data-${name}`)) : otherwise),
  renderHTML: (attrs) => (attrs[name] === otherwise ? {} : { [`data-${name}`]: attrs[name] }),
});

export const Figure = Node.create({
  name: "figure",
  group: "inline",
  inline: true,
  atom: true,
  // Not selectable: the arrow keys pass it as one character, and nothing typed can replace it unseen.
  selectable: false,
  addAttributes: () => ({
    fact: kept("fact"),
    form: kept("form", undefined, "value"),
    other: kept("other"),
    unit: kept("unit", undefined, ""),
    decimals: kept("decimals", Number),
    shown: { default: "", parseHTML: (dom) => dom.textContent, renderHTML: () => ({}) },
  }),
  parseHTML: () => [{ tag: "span[data-fact]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", { class: "fact", ...HTMLAttributes }, node.attrs.shown],
  // Input rules count places by this text: one character, as the node is one place.
  renderText: () => "\uFFFC",
  addProseMirrorPlugins: () => [new Plugin({ props: { handleDOMEvents: { compositionstart: makeRoom } } })],
});

/** Browsers lose a composition that is to replace a figure: what is selected goes first. */
function makeRoom(view) {
  const { selection, doc, tr } = view.state;
  let holdsFigure = false;
  doc.nodesBetween(selection.from, selection.to, (node) => {
    holdsFigure ||= node.type.name === "figure";
  });
  if (!selection.empty && holdsFigure) view.dispatch(tr.deleteSelection());
  return false;
}

/** Shows every figure as its fact is now: no change of the text, nothing to undo, the cursor stays. */
export function repaint(view, figures) {
  const now = new Map(figures.map((figure) => [referenceKey(figure.reference), figure.shown]));
  const { tr } = view.state;
  view.state.doc.descendants((node, at) => {
    if (node.type.name !== "figure") return;
    const shown = now.get(referenceKey(node.attrs));
    if (shown !== undefined && shown !== node.attrs.shown) tr.setNodeAttribute(at, "shown", shown);
  });
  if (tr.docChanged) view.dispatch(tr.setMeta("addToHistory", false).setMeta("preventUpdate", true));
}
