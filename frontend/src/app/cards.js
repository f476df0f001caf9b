// The card of a live figure: opened by hover, focus, click or tap; [data-fact] within [data-cards] is a figure.
import { element } from "../element.js";
import { place } from "../floating.js";

const WAIT = 250;
const PARTS = ["form", "other", "unit", "decimals"];
let card = null; // { box, figure, isHeld }: held cards stay until they are closed

export function cards() {
  let timer = null;
  const soon = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const figure = figureOf(event.target);
    if (figure && figure !== card?.figure) soon(() => open(figure));
    else if (figure || card?.box.contains(event.target)) clearTimeout(timer);
    else if (card && !card.isHeld) soon(close);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const figure = figureOf(event.target);
    if (figure?.matches(":focus-visible")) open(figure);
    else if (card && !card.isHeld && !card.box.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const figure = figureOf(event.target);
    if (figure) {
      event.preventDefault();
      open(figure, { isHeld: true, isEntered: event.detail === 0 });
    } else if (card && !card.box.contains(event.target)) close();
  });
  document.addEventListener("card", (event) => open(figureOf(event.target), { isHeld: true, isEntered: true }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    event.preventDefault();
    close({ back: true });
  });
  window.addEventListener("resize", () => close());
}

function figureOf(node) {
  const figure = node instanceof Element ? node.closest("[data-fact]") : null;
  return figure?.closest("[data-cards]") ? figure : null;
}

/** Shows the card of a figure; `isEntered` puts the focus into it, for the keyboard. */
async function open(figure, { isHeld = false, isEntered = false } = {}) {
  if (card?.figure === figure) {
    card.isHeld ||= isHeld;
    if (isEntered) card.box.focus();
    return;
  }
  close();
  const opener = document.activeElement;
  const box = element("div", { class: "card-of", role: "dialog", "aria-label": "数据来源", tabindex: "-1" }, element("p", { class: "hint", role: "status" }, "正在取数据…"));
  const mine = { box, figure, isHeld, opener };
  card = mine;
  document.body.append(box);
  place(box, figure.getClientRects()[0]);
  if (isEntered) box.focus();
  const html = await fetched(address(figure));
  if (card !== mine || !figure.isConnected) return;
  if (html) box.innerHTML = html;
  else box.replaceChildren(element("p", { role: "status" }, "数据没有取到，请刷新页面后再看。"));
  place(box, figure.getClientRects()[0]);
}

function close({ back = false } = {}) {
  if (!card) return;
  const { box, opener } = card;
  const wasInside = box.contains(document.activeElement);
  card = null;
  box.remove();
  if (back && wasInside) opener?.focus();
}

function address(figure) {
  const { fact } = figure.dataset;
  const query = new URLSearchParams({ shown: figure.textContent });
  PARTS.filter((part) => figure.dataset[part]).forEach((part) => query.set(part, figure.dataset[part]));
  return `${figure.closest("[data-cards]").dataset.cards}/${fact}/card?${query}`;
}

async function fetched(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin", redirect: "manual", headers: { Accept: "text/html" } });
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}
