// A typed number that a fact would print alike: offered to be linked, alone or with all others of its paragraph.
import { closeHistory } from "@tiptap/pm/history";
import { element } from "../element.js";
import { standingOffers } from "./marks.js";
import { closeTip, openTip } from "./tip.js";

/** What the offer at a mark says and does. */
export function openOffer(view, mark) {
  const beside = besides(view.state, mark);
  const button = (tone, words, marks) =>
    element("button", { class: `button button--small ${tone}`, type: "button", click: () => (link(view, marks), closeTip(), view.focus()) }, words);
  return openTip(
    view,
    { ...mark, label: `“${mark.text}”可以关联数据` },
    mark.offers.map((offer, at) => button(at ? "" : "button--primary", `关联到“${offer.name}”`, [{ ...mark, offers: [offer] }])),
    beside.length > 1 ? button("", `本段全部关联（${beside.length} 处）`, beside) : null,
    element("p", { class: "hint" }, "关联后，数据一变，这里跟着变。"),
  );
}

/** Turns typed digits and their units into live figures: one step for the undo. */
export function link(view, marks) {
  const { schema } = view.state;
  const tr = closeHistory(view.state.tr);
  for (const { from, to, text, offers: [offer] } of [...marks].sort((one, other) => other.from - one.from)) {
    tr.replaceWith(from, to, schema.nodes.figure.create({ ...offer.reference, shown: text }));
  }
  view.dispatch(tr.scrollIntoView());
}

/** The offers of the same paragraph or cell. */
function besides(state, mark) {
  const within = (place) => state.doc.resolve(place).start();
  return standingOffers(state).filter((one) => within(one.from) === within(mark.from));
}
