// The choice of a fact and of how it stands in the sentence. It has a field of its own to type in: an input method
// composes there undisturbed, and nothing half typed is ever part of the text.
import { closeHistory } from "@tiptap/pm/history";
import { element } from "../element.js";
import { place } from "../floating.js";

const PAUSE = 150;
const MOST_DECIMALS = 6;
let opened = null;

/**
 * Opens the choice at the cursor; what is chosen replaces the places `from` to `to`. `find(query)` asks the server.
 * Closed without a choice, the text stays as it is.
 */
export function openPicker(editor, { from, to, find }) {
  opened?.close();
  opened = new Picker(editor, { from, to, find });
}

/** Is the sign that opened the choice still in the text, neither taken away nor left as it is? */
export function isChoosing() {
  return opened !== null && opened.to > opened.from;
}

class Picker {
  constructor(editor, { from, to, find }) {
    Object.assign(this, { editor, from, to, find, steps: [], options: [], active: 0 });
    this.draw();
    this.follow = ({ transaction }) => {
      this.from = transaction.mapping.map(this.from, -1);
      this.to = transaction.mapping.map(this.to);
    };
    this.outside = (event) => this.box.contains(event.target) || this.close({ back: false });
    editor.on("transaction", this.follow);
    document.addEventListener("pointerdown", this.outside, true);
    this.enter(this.factStep());
  }

  draw() {
    this.input = element("input", {
      class: "input picker__input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-expanded": "true", "aria-controls": "picker-list", "aria-autocomplete": "list",
      input: (event) => event.isComposing || this.later(),
      compositionend: () => this.later(),
    });
    this.title = element("p", { class: "picker__title" });
    this.list = element("ul", { class: "picker__list", id: "picker-list", role: "listbox" });
    this.foot = element("div", { class: "picker__foot" });
    this.told = element("p", { class: "hint picker__told", role: "status" });
    this.box = element(
      "div",
      { class: "picker", role: "dialog", "aria-label": "插入数据", keydown: (event) => this.key(event) },
      element(
        "div",
        { class: "picker__head" },
        this.title,
        element("button", { class: "picker__close", type: "button", "aria-label": "关闭", click: () => this.close() }, "×"),
      ),
      this.input,
      this.list,
      this.told,
      this.foot,
    );
    document.body.append(this.box);
  }

  // --- steps: { title, hint, ask: query → Promise of { options, told, foot } } ------------------------------------

  factStep() {
    return {
      title: "插入数据",
      hint: "名称、别名或拼音首字母",
      ask: async (query) => {
        const { facts, message } = await this.find({ q: query });
        return { told: message, options: facts.map((fact) => ({ dom: factLine(fact), choose: () => this.enter(this.formStep(fact)) })) };
      },
    };
  }

  formStep(fact, format = {}) {
    return {
      title: fact.name,
      hint: "在句中写成",
      ask: async (query) => {
        const { facts: [found] } = await this.find({ key: fact.key, ...format });
        const forms = found.forms.filter((form) => form.name.includes(query.trim()));
        return {
          told: forms.length ? "" : "没有这种写法。",
          foot: formatTools(found, (change) => this.enter(this.formStep(fact, { ...format, ...change }), { instead: true })),
          options: forms.map((form) => ({
            dom: formLine(form.name, form.shown),
            choose: () => (form.reference ? this.insert(form) : this.enter(this.otherStep(found))),
          })),
        };
      },
    };
  }

  otherStep(fact) {
    return {
      title: `${fact.name}：占哪一项的比例`,
      hint: "总数、预算数等",
      ask: async (query) => {
        const { facts, message } = await this.find({ q: query, part: fact.key });
        return { told: message, options: facts.map((other) => ({ dom: formLine(`占“${other.name}”`, other.ratio.shown), choose: () => this.insert(other.ratio) })) };
      },
    };
  }

  enter(step, { instead = false } = {}) {
    const held = instead ? document.activeElement?.dataset.tool : null;
    if (instead) this.steps.pop();
    else this.input.value = "";
    this.steps.push(step);
    this.title.textContent = step.title;
    this.input.placeholder = step.hint;
    this.input.setAttribute("aria-label", `${step.title}：${step.hint}`);
    if (!held) this.input.focus();
    if (!instead) this.show({ options: [] });
    return this.load(held);
  }

  later() {
    this.isStale = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), PAUSE);
  }

  async load(held = null) {
    const step = this.steps.at(-1);
    this.isStale = true;
    const query = this.input.value;
    let found;
    try {
      found = await step.ask(query);
    } catch (refusal) {
      found = { options: [], told: refusal instanceof TypeError ? "数据没有取到，请检查网络后再试。" : refusal.message };
    }
    // Answered too late: the person has typed on, gone on or closed.
    if (opened !== this || step !== this.steps.at(-1) || query !== this.input.value) return;
    this.isStale = false;
    this.list.setAttribute("aria-label", step.title);
    this.show(found);
    if (held) this.foot.querySelector(`[data-tool=${held}]`)?.focus();
  }

  show({ options, told = "", foot = [] }) {
    this.options = options;
    this.list.replaceChildren(...options.map((option, at) => this.optionLine(option, at)));
    this.told.textContent = told;
    this.foot.replaceChildren(...foot);
    this.mark(0);
    place(this.box, this.rect());
  }

  /** Enter takes what fits the words as they are now, also when the person is faster than the server. */
  async choose() {
    clearTimeout(this.timer);
    if (this.isStale) await this.load();
    if (opened === this && !this.isStale) this.options[this.active]?.choose();
  }

  optionLine(option, at) {
    return element(
      "li",
      { class: "picker__option", id: `picker-${at}`, role: "option", click: option.choose, pointermove: () => at === this.active || this.mark(at) },
      option.dom,
    );
  }

  mark(at) {
    this.active = at;
    [...this.list.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
    const line = this.list.children[at];
    if (line) this.input.setAttribute("aria-activedescendant", line.id);
    else this.input.removeAttribute("aria-activedescendant");
    line?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
      return;
    }
    if (event.target !== this.input) return;
    const count = this.options.length;
    if (event.key === "ArrowDown" && count) this.mark((this.active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.mark((this.active - 1 + count) % count);
    else if (event.key === "Enter") this.choose();
    else if (event.key === "Backspace" && !this.input.value) this.back();
    else return;
    event.preventDefault();
  }

  /** One step back; from the first one out, and the sign that opened the choice is taken away. */
  back() {
    if (this.steps.length > 1) {
      this.steps.splice(-2, 2, this.steps.at(-2));
      this.enter(this.steps.at(-1), { instead: true });
      return;
    }
    if (this.to > this.from) this.editor.view.dispatch(this.editor.state.tr.delete(this.from, this.to));
    this.close();
  }

  insert({ reference, shown }) {
    const { state, view, schema } = this.editor;
    const tr = closeHistory(state.tr);
    tr.replaceWith(this.from, this.to, schema.nodes.figure.create({ ...reference, shown }));
    this.close();
    view.dispatch(tr.scrollIntoView());
  }

  rect() {
    const { left, top, bottom } = this.editor.view.coordsAtPos(this.to);
    return { left, top, bottom };
  }

  close({ back = true } = {}) {
    clearTimeout(this.timer);
    this.editor.off("transaction", this.follow);
    document.removeEventListener("pointerdown", this.outside, true);
    this.box.remove();
    if (opened === this) opened = null;
    if (back) this.editor.view.focus();
  }
}

function factLine(fact) {
  return element(
    "span",
    { class: "picker__fact" },
    element("span", { class: "picker__name" }, fact.name),
    element("span", { class: "picker__value" }, fact.shown),
    element(
      "span",
      { class: "picker__note" },
      [fact.owner, fact.as_of && `截止${fact.as_of}`].filter(Boolean).join(" · "),
      fact.mark ? element("span", { class: `picker__mark tone-${fact.tone}` }, fact.mark) : null,
    ),
  );
}

function formLine(name, shown) {
  return element("span", { class: "picker__form" }, element("span", {}, name), element("span", { class: "picker__value" }, shown));
}

/** Unit and decimals of what will stand in the sentence. */
function formatTools(fact, change) {
  const { decimals, unit } = fact;
  const step = (word, name, next) =>
    element("button", { class: "tool", type: "button", "aria-label": name, "data-tool": name === "多一位小数" ? "more" : "less", disabled: next < 0 || next > MOST_DECIMALS, click: () => change({ decimals: next }) }, word);
  const units = element(
    "select",
    { class: "input picker__unit", "aria-label": "单位", "data-tool": "unit", change: (event) => change({ unit: event.target.value }) },
    fact.units.map((name) => element("option", { value: name, selected: name === unit }, name)),
  );
  return [
    fact.units.length > 1 ? element("label", { class: "picker__format" }, "单位", units) : null,
    element("span", { class: "picker__format", role: "group", "aria-label": "小数位数" }, step("−", "少一位小数", decimals - 1), `${decimals} 位小数`, step("＋", "多一位小数", decimals + 1)),
  ].filter(Boolean);
}
