/** A form is sent once: a second click while the first is under way does nothing. */
export function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // What opens in another tab leaves this page as it is, to be asked again.
    if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // After the browser has collected the values: a disabled button sends none.
    setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => (button.disabled = true)));
  });
  // Coming back with the browser's Back button: the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => (button.disabled = false));
    });
  });
}
