import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, fromModel, squared, toModel } from "../src/editor/model.js";
import { headingLabel, numeral } from "../src/editor/numbers.js";

const cell = (colspan = 1, rowspan = 1) => ({ type: "tableCell", attrs: { colspan, rowspan, align: null }, content: [] });

test("only what the model knows leaves the editor", () => {
  const given = {
    type: "doc",
    content: [
      { type: "paragraph", attrs: { dir: "ltr" }, content: [{ type: "text", text: "甲\u0007\n乙", marks: [{ type: "bold" }, { type: "italic" }] }, { type: "hardBreak" }] },
      { type: "paragraph", content: [{ type: "ordinal", attrs: { restart: false }, marks: [{ type: "bold" }] }] },
      { type: "heading", content: [] },
    ],
  };
  assert.deepEqual(toModel(given).content, [
    { type: "paragraph", content: [{ type: "text", text: "甲 乙", marks: [{ type: "bold" }] }] },
    { type: "paragraph", content: [{ type: "ordinal", attrs: { restart: false } }] },
  ]);
});

test("an empty text has a paragraph in the editor and equals itself", () => {
  assert.deepEqual(fromModel({ type: "doc", content: [] }).content, [{ type: "paragraph" }]);
  assert.equal(canonical({ type: "doc", content: [] }), canonical({ type: "doc", content: [{ type: "paragraph", content: [] }] }));
});

test("the empty line after a last table or picture is the editor's alone", () => {
  const blank = { type: "paragraph", content: [] };
  const types = (document) => document.content.map((block) => block.type);
  const table = { type: "table", content: [{ type: "tableRow", content: [cell()] }] };
  const picture = { type: "picture", attrs: { sha256: "a".repeat(64), caption: "", width_mm: 90 } };
  for (const last of [table, picture]) {
    const shown = fromModel({ type: "doc", content: [blank, last] });
    assert.deepEqual(types(shown), ["paragraph", last.type, "paragraph"]);
    assert.deepEqual(types(toModel(shown)), ["paragraph", last.type]);
    assert.equal(canonical(shown), canonical({ type: "doc", content: [blank, last] }));
    assert.deepEqual(types(toModel({ type: "doc", content: [last, blank, blank] })), [last.type, "paragraph", "paragraph"], "a person's own lines stay");
  }
});

test("neighbouring equal runs are one", () => {
  const of = (...texts) => ({ type: "doc", content: [{ type: "paragraph", content: texts.map((text) => ({ type: "text", text })) }] });
  assert.equal(canonical(of("派", "车")), canonical(of("派车")));
});

test("any rows become one rectangle", () => {
  let seed = 11;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 500; round += 1) {
    const rows = Array.from({ length: 1 + random(5) }, () => Array.from({ length: random(5) }, () => cell(1 + random(4), 1 + random(4))));
    const taken = new Set();
    const square = squared(rows);
    square.forEach((line, y) => {
      let x = 0;
      for (const one of line) {
        while (taken.has(`${x},${y}`)) x += 1;
        for (let dy = 0; dy < one.attrs.rowspan; dy += 1) {
          for (let dx = 0; dx < one.attrs.colspan; dx += 1) {
            assert.ok(!taken.has(`${x + dx},${y + dy}`), "cells overlap");
            assert.ok(y + dy < square.length, "a cell sticks out");
            taken.add(`${x + dx},${y + dy}`);
          }
        }
      }
    });
    const width = Math.max(0, ...[...taken].map((place) => Number(place.split(",")[0]) + 1));
    assert.equal(taken.size, width * square.length);
  }
});

test("numbers are spelled as in core.chinese", () => {
  assert.deepEqual([1, 10, 11, 20, 21, 99].map(numeral), ["一", "十", "十一", "二十", "二十一", "九十九"]);
  assert.deepEqual([1, 2, 3, 4, 5].map((level) => headingLabel(level, 3)), ["三、", "（三）", "3.", "（3）", "③"]);
});

const figure = (attrs) => ({ type: "figure", attrs: { fact: "total-spending", ...attrs } });

test("a figure keeps its reference and what it showed; one that names no fact is its words", () => {
  const of = (...content) => toModel({ type: "doc", content: [{ type: "paragraph", content }] }).content[0].content;
  assert.deepEqual(of(figure({ shown: "2,560.21万元", decimals: 1, unit: "元", extra: 1 })), [
    { type: "figure", attrs: { fact: "total-spending", form: "value", other: null, unit: "元", decimals: 1, shown: "2,560.21万元" } },
  ]);
  assert.deepEqual(of(figure({ form: "nothing", decimals: 9, shown: "甲\n乙" }))[0].attrs, {
    fact: "total-spending", form: "value", other: null, unit: "", decimals: null, shown: "甲 乙",
  });
  assert.deepEqual(of(figure({ fact: "<b>", shown: "9万元" })), [{ type: "text", text: "9万元" }]);
  assert.deepEqual(of(figure({ fact: "", shown: "" })), []);
});

test("a text is the same whatever its facts amount to today", () => {
  const of = (shown, form) => ({ type: "doc", content: [{ type: "paragraph", content: [figure({ shown, form })] }] });
  assert.equal(canonical(of("1万元", "value")), canonical(of("2万元", "value")));
  assert.notEqual(canonical(of("1万元", "value")), canonical(of("1万元", "last_year")));
});
