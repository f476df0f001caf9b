// Remarks in the open text: their words are marked and keep their mark while the writer types, and what he selects
// can be remarked on. Decorations only: seen, never stored; the server finds the words again after every save.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { placeOf, rangeOf } from "../figures/printed.js";
import { followQuotations, offerRemarks, remarkPlaces, showRemark } from "./form.js";
import { CHANGED } from "./live.js";

const key = new PluginKey("remarks");

export const Remarked = Extension.create({
  name: "remarked",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, set, _old, { doc }) {
            const places = tr.getMeta(key);
            return places ? DecorationSet.create(doc, drawn(doc, places)) : set.map(tr.mapping, doc);
          },
        },
        props: {
          decorations: (state) => key.getState(state),
          handleClick(view, at) {
            const [found] = key.getState(view.state).find(at, at);
            if (found) showRemark(found.spec.id);
            return false;
          },
        },
      }),
    ];
  },
});

/** Marks what the page was sent with, goes from a quotation to its words, and takes up what is selected. */
export function followRemarks(editor, sectionId) {
  const { view } = editor;
  const show = () => view.dispatch(view.state.tr.setMeta(key, remarkPlaces(document)).setMeta("addToHistory", false));
  show();
  document.addEventListener(CHANGED, show);
  followQuotations((id) => {
    const [found] = key.getState(view.state).find(undefined, undefined, (spec) => spec.id === id);
    if (!found) return false;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, found.from, found.to)).scrollIntoView());
    view.focus();
    return true;
  });
  offerRemarks(() => chosen(view, sectionId));
}

function chosen(view, sectionId) {
  const { from, to, empty } = view.state.selection;
  const found = empty || view.composing ? null : placeOf(view.state.doc, from, to);
  if (!found?.text.trim()) return null;
  const [start, end] = [view.coordsAtPos(from), view.coordsAtPos(to, -1)];
  return { ...found, sectionId, box: { left: start.left, top: start.top, bottom: Math.max(start.bottom, end.bottom) } };
}

function drawn(doc, places) {
  return places.flatMap((place) => {
    const range = rangeOf(doc, place);
    if (!range || range.text !== place.text) return [];
    const look = { class: `remarked${place.proposal ? " remarked--proposal" : ""}` };
    return [Decoration.inline(range.from, range.to, look, { id: place.id })];
  });
}
