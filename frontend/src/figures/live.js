// Asks what the facts and the checks say of the text as last saved: after each save, when the person comes back, and
// now and then while the page is before his eyes. One request at a time, none while an input method composes.

const EVERY = 15_000;
const ENDED = new Set([401, 403, 404]);

export class Live {
  /** `onAnswer` gets what GET urls.live answers, never in the middle of a composition. */
  constructor({ url, isComposing, onAnswer, send = window.fetch.bind(window) }) {
    Object.assign(this, { url, isComposing, onAnswer, send });
    this.flight = null;
    this.wanted = false; // asked for while another request was under way or words were being composed
    this.held = null; // an answer that came in the middle of a composition
    this.ended = false;
  }

  start() {
    const back = () => document.visibilityState === "visible" && this.ask();
    window.addEventListener("focus", back);
    document.addEventListener("visibilitychange", back);
    setInterval(() => this.ended || back(), EVERY);
    this.ask();
  }

  ask() {
    if (this.flight || this.isComposing()) {
      this.wanted = true;
      return this.flight;
    }
    this.wanted = false;
    this.flight = this.request().finally(() => {
      this.flight = null;
      if (this.wanted) this.ask();
    });
    return this.flight;
  }

  /** An input method has finished: what waited for it may go. */
  composed() {
    const { held } = this;
    this.held = null;
    if (held && !this.wanted) this.onAnswer(held);
    if (this.wanted) this.ask();
  }

  async request() {
    let answer;
    try {
      const response = await this.send(this.url, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json", "X-Poll": "1" } });
      this.ended = ENDED.has(response.status);
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return; // a broken line: the next time will do, saving tells of it
    }
    if (this.isComposing()) this.held = answer;
    else this.onAnswer(answer);
  }
}
