import assert from "node:assert/strict";
import { test } from "node:test";
import { Schema } from "@tiptap/pm/model";
import { rangeOf, textBetween } from "../src/figures/printed.js";

const inline = { group: "inline", inline: true, atom: true };
const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*" },
    item: { group: "block", content: "inline*" },
    table: { group: "block", content: "row+" },
    row: { content: "cell+" },
    cell: { content: "paragraph+" },
    ordinal: { ...inline, attrs: { restart: { default: false } } },
    figure: { ...inline, attrs: { shown: {} } },
    text: { group: "inline" },
  },
});
const make = (type, ...content) => schema.node(type, null, content.map((one) => (typeof one === "string" ? schema.text(one) : one)));
const figure = (shown) => schema.node("figure", { shown });
const ordinal = () => schema.node("ordinal");

const doc = make(
  "doc",
  make("paragraph", ordinal(), "𠮷支出", figure("25万元"), "整"),
  make("item", "共3人，", ordinal(), "甲"),
  make("table", make("row", make("cell", make("paragraph", "甲"), make("paragraph", "乙")), make("cell", make("paragraph", ordinal(), "9人")))),
);

test("places count printed characters: an ordinal as drawn, a figure as shown, a rare character as one", () => {
  const at = (block, start, end, row = null) => rangeOf(doc, { block, row, start, end });
  const paragraph = at(0, 0, 10);
  assert.equal(paragraph.text, "一是𠮷支出25万元整");
  assert.deepEqual([paragraph.from, paragraph.to], [1, doc.child(0).nodeSize - 1]);
  assert.equal(at(0, 5, 9).text, "25万元");
  assert.equal(textBetween(doc, at(0, 5, 9).from, at(0, 5, 9).to), "25万元");
  assert.equal(at(1, 1, 3).text, "3人");
  assert.equal(textBetween(doc, at(1, 1, 3).from, at(1, 1, 3).to), "3人");
  assert.equal(at(1, 4, 7).text, "一是甲", "an item starts its own count");
  assert.equal(at(2, 4, 8, 0).text, "一是9人");
  assert.equal(at(2, 0, 3, 0).text, "甲 乙");
});

test("a place that is not there has no range", () => {
  for (const [block, start, end, row] of [[9, 0, 1, null], [0, 8, 99, null], [2, 0, 1, null], [2, 0, 1, 4], [0, 3, 3, null]]) {
    assert.equal(rangeOf(doc, { block, row, start, end }), null);
  }
});
