/** [data-panels]: the tabs of a side panel. Without scripts all panels are shown one below the other. */
export function panels(root) {
  root.querySelectorAll("[data-panels]").forEach((side) => {
    const list = side.querySelector("[role=tablist]");
    const tabs = [...side.querySelectorAll("[role=tab]")];
    const show = (chosen) => {
      tabs.forEach((tab) => {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        const panel = document.getElementById(tab.getAttribute("aria-controls"));
        if (!panel) return;
        panel.hidden = !isChosen;
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", tab.id);
      });
    };
    list.hidden = false;
    list.addEventListener("click", (event) => event.target.closest("[role=tab]") && show(event.target.closest("[role=tab]")));
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      show(next);
      next.focus();
    });
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const named = tabs.find((tab) => target && document.getElementById(tab.getAttribute("aria-controls"))?.contains(target));
    show(named ?? tabs[0]);
  });
}
