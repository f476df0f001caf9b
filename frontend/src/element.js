/** Makes an element: `element("p", { class: "hint" }, "text", child)`. Values become attributes, functions become listeners. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const OFFICE = { timeZone: "Asia/Shanghai", hourCycle: "h23", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };

/** 14:02 for today, 11月23日 14:02 for other days, on the clock of the office wall; "" for nothing. */
export function clockTime(moment, now = new Date()) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return "";
  const parts = (value) => Object.fromEntries(new Intl.DateTimeFormat("zh-CN", OFFICE).formatToParts(value).map(({ type, value: text }) => [type, text]));
  const [then, today] = [parts(date), parts(now)];
  const time = `${then.hour}:${then.minute}`;
  const isToday = then.month === today.month && then.day === today.day && now - date < 2 * 86_400_000;
  return isToday ? time : `${then.month}月${then.day}日 ${time}`;
}
