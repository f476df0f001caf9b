import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, merged, readable, words } from "../src/save/diff.js";

const paragraph = (text) => ({ type: "paragraph", content: text ? [{ type: "text", text }] : [] });
const item = (...content) => ({ type: "item", content });
const doc = (...content) => ({ type: "doc", content });
const texts = (document) => document.content.map((block) => block.content.map((node) => node.text).join(""));

test("keeping mine everywhere gives my text, theirs gives theirs, both loses no paragraph", () => {
  const mine = doc(paragraph("派车2,160趟。"), paragraph("共同。"), paragraph("我加的一段。"));
  const theirs = doc(paragraph("他们加在前面。"), paragraph("派车2,592趟。"), paragraph("共同。"));
  const rows = compare(mine, theirs);
  const all = (choice) => merged(rows, Object.fromEntries(rows.map((_, at) => [at, choice])));
  assert.deepEqual(texts(all("mine")), texts(mine));
  assert.deepEqual(texts(all("theirs")), texts(theirs));
  assert.deepEqual(new Set(texts(all("both"))), new Set([...texts(mine), ...texts(theirs)]));
});

test("random edits: one side chosen throughout is that side", () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 300; round += 1) {
    const some = () => doc(...Array.from({ length: random(8) }, () => paragraph("甲乙丙丁戊".slice(random(3), 3 + random(3)))));
    const [mine, theirs] = [some(), some()];
    const rows = compare(mine, theirs);
    const all = (choice) => merged(rows, Object.fromEntries(rows.map((_, at) => [at, choice])));
    assert.deepEqual(all("mine"), mine);
    assert.deepEqual(all("theirs"), theirs);
  }
});

test("a changed number is one difference, not several characters", () => {
  assert.deepEqual(words("派车2,160趟", "派车2,592趟").left, [["派车", false], ["2,160", true], ["趟", false]]);
});

test("paragraphs are read with the numbers they are printed with", () => {
  const ordinal = { type: "ordinal", attrs: { restart: false } };
  const text = (value) => ({ type: "text", text: value });
  const document = doc(item(text("甲")), item(ordinal, text("乙，"), ordinal, text("丙")));
  assert.deepEqual(document.content.map(readable(document, 3)), ["（1）甲", "（2）一是乙，二是丙"]);
});

test("a figure is read as its characters, and linking a number keeps the paragraph's likeness", () => {
  const figure = (shown) => ({ type: "figure", attrs: { fact: "spending", form: "value", other: null, unit: "", decimals: null, shown } });
  const text = (value) => ({ type: "text", text: value });
  const live = doc({ type: "paragraph", content: [text("支出"), figure("2,560.21万元"), text("。")] });
  assert.deepEqual(live.content.map(readable(live, 3)), ["支出2,560.21万元。"]);
  const rows = compare(doc(paragraph("支出2,560.21万元。")), live);
  assert.deepEqual(rows.map((row) => row.kind), ["changed"]);
  const repainted = doc({ type: "paragraph", content: [text("支出"), figure("9万元"), text("。")] });
  assert.deepEqual(compare(live, repainted).map((row) => row.kind), ["same"], "what a fact amounts to is nobody's edit");
});
