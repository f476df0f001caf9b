// What the checks say, drawn under the text: figures that could be linked, and passages with a finding.
// Decorations only: seen, never stored.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { rangeOf, textBetween } from "./printed.js";

const key = new PluginKey("marks");

/** `open(view, mark)` shows what can be done about a mark: { kind, from, to, text, offers | finding, isEntered }. */
export const Marks = Extension.create({
  name: "marks",
  addOptions: () => ({ open: () => false }),
  addKeyboardShortcuts() {
    return { "Alt-ArrowDown": () => openAt(this.editor.view, this.editor.state.selection.head, this.options.open) };
  },
  addProseMirrorPlugins() {
    const { open } = this.options;
    return [
      new Plugin({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, set, _old, { doc }) {
            const given = tr.getMeta(key);
            if (given) return DecorationSet.create(doc, drawn(doc, given));
            if (!tr.docChanged) return set;
            const moved = set.map(tr.mapping, doc);
            // A passage that has been rewritten is no longer the one that was looked at.
            return tr.getMeta("composition") ? moved : moved.remove(moved.find().filter((one) => !stands(doc, one)));
          },
        },
        props: {
          decorations: (state) => key.getState(state),
          handleClick(view, at) {
            const mark = markAt(view.state, at);
            if (mark) open(view, mark);
            return false;
          },
        },
      }),
    ];
  },
});

/** Draws the marks of what the server said; places whose characters have changed since are left out. */
export function showMarks(view, { offers, findings, unsourced, sectionId }) {
  view.dispatch(view.state.tr.setMeta(key, { offers, findings, unsourced, sectionId }).setMeta("addToHistory", false));
}

/** The offers that still stand, in the order of the text: [{ from, to, offers }]. */
export function standingOffers(state) {
  return key
    .getState(state)
    .find(undefined, undefined, (spec) => spec.kind === "offer")
    .sort((one, other) => one.from - other.from)
    .map(described);
}

/** Where a finding's passage stands now; null where it was rewritten. */
export function passage(state, fingerprint, number) {
  const [one] = key.getState(state).find(undefined, undefined, (spec) => spec.finding?.fingerprint === fingerprint && spec.number === number);
  return one ? described(one) : null;
}

function openAt(view, at, open) {
  const mark = markAt(view.state, at);
  if (mark) return open(view, { ...mark, isEntered: true });
  const { nodeAfter, nodeBefore } = view.state.doc.resolve(at);
  const figure = nodeBefore?.type.name === "figure" ? at - 1 : nodeAfter?.type.name === "figure" ? at : null;
  if (figure === null) return false;
  view.nodeDOM(figure).dispatchEvent(new CustomEvent("card", { bubbles: true }));
  return true;
}

/** What can be linked comes before what is to be mended: a figure with a source is often the mending. */
function markAt(state, at) {
  const here = key.getState(state).find(at, at, (spec) => spec.kind !== "unsourced");
  const chosen = here.find((one) => one.spec.kind === "offer") ?? here[0];
  return chosen ? described(chosen) : null;
}

const described = ({ from, to, spec }) => ({ from, to, ...spec });
const stands = (doc, { from, to, spec }) => textBetween(doc, from, to) === spec.text;

/** A typed figure without a source is marked where nothing else is said of it. */
function drawn(doc, { offers, findings, unsourced, sectionId }) {
  const told = [...offered(doc, offers), ...found(doc, findings, sectionId)];
  const isTold = ({ from, to }) => told.some((one) => one.from < to && from < one.to);
  const typed = unsourced.map((place) => ({ ...rangeOf(doc, place), expected: place.text })).filter((range) => range.text === range.expected && !isTold(range));
  return [...told, ...typed.map(({ from, to, text }) => Decoration.inline(from, to, { class: "mark mark--unsourced" }, { kind: "unsourced", text }))];
}

function offered(doc, offers) {
  const places = new Map();
  for (const offer of offers) {
    const range = rangeOf(doc, offer);
    if (!range || range.text !== offer.text) continue;
    const name = `${range.from}-${range.to}`;
    if (!places.has(name)) places.set(name, { ...range, offers: [] });
    places.get(name).offers.push(offer);
  }
  return [...places.values()]
    .filter(({ from, to, text }) => textBetween(doc, from, to) === text)
    .map(({ from, to, text, offers: all }) => Decoration.inline(from, to, { class: "mark mark--offer" }, { kind: "offer", text, offers: all }));
}

function found(doc, findings, sectionId) {
  return findings.flatMap((finding) =>
    finding.places.flatMap((place, number) => {
      const range = place.section_id === sectionId ? rangeOf(doc, place) : null;
      if (!range || range.text !== place.quoted) return [];
      const look = { class: `mark mark--${finding.severity}`, "aria-describedby": `finding-${finding.fingerprint}` };
      return [Decoration.inline(range.from, range.to, look, { kind: "finding", text: textBetween(doc, range.from, range.to), finding, number })];
    }),
  );
}
