import { element } from "../element.js";

/** [data-opens=id] opens a dialog, [data-close] closes it, a click beside it too; [data-open-now] is open from the start. */
export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault(); // a link that opens a dialog leads, without scripts, to a page that asks the same
      dialog.showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });
  document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());
}

/** [data-confirm] on a submit button asks first, with the consequences in its words. */
export function confirmations() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    ask(button.textContent.trim(), button.dataset.confirm, () => {
      button.dataset.confirmed = "true";
      button.click();
      delete button.dataset.confirmed;
    });
  });
}

function ask(act, text, proceed) {
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    element("h2", { id: "confirm-title" }, `${act.split("：")[0]}？`),
    element("p", { id: "confirm-text" }, text),
    element(
      "div",
      { class: "dialog__acts" },
      element("button", { class: "button", type: "button", "data-close": "" }, "取消"),
      element("button", { class: "button button--primary", type: "button", click: () => { dialog.close(); proceed(); } }, act.split("：")[0]),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
