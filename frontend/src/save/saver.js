// Saves the text: soon after a pause, one at a time, each with the version it was based on.

const PAUSE = 1200;
const LONGEST = 10_000;
const DELAYS = [2000, 4000, 8000, 15_000, 30_000, 60_000];
/** Browsers refuse a request that outlives its page above this size; the local draft covers the rest. */
const KEEPALIVE_BYTES = 60_000;

export class Saver {
  /**
   * read() gives the document, isComposing() whether an input method is at work, onState(state, detail) shows where
   * things stand: saved | dirty | saving | failed | expired | conflict | refused.
   */
  constructor({ urls, version, token, personId, drafts, read, isComposing, onState, onConflict, send = window.fetch.bind(window) }) {
    Object.assign(this, { urls, version, token, personId, drafts, read, isComposing, onState, onConflict, send });
    this.dirty = false;
    this.held = false; // a conflict or an expired sign-in waits for the person
    this.flight = null;
    this.failures = 0;
    this.timer = null;
    this.since = 0;
  }

  /** The text changed. */
  changed() {
    this.dirty = true;
    this.since ||= Date.now();
    this.draftTimer ??= setTimeout(() => this.draft(), 250);
    if (this.held) return;
    if (!this.flight) this.onState(this.failures ? "failed" : "dirty");
    if (!this.failures) this.plan(Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
  }

  /** An input method has finished: what waited for it may go. */
  composed() {
    if (this.dirty && !this.held && !this.failures) this.plan(PAUSE);
  }

  plan(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  draft() {
    clearTimeout(this.draftTimer);
    this.draftTimer = null;
    if (this.dirty) this.drafts.keep(this.version, this.read());
  }

  /** Saves now what is not saved; true when the server has everything. */
  async flush() {
    clearTimeout(this.timer);
    while (this.flight) await this.flight;
    if (this.dirty && !this.held) await this.save();
    return !this.dirty;
  }

  /** The page may be going: the draft first, then one last request. */
  leave() {
    if (!this.dirty) return;
    this.draft();
    if (!this.held && !this.flight && !this.isComposing()) this.save({ keepalive: true });
  }

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.flight || this.held || !this.dirty) return;
    if (this.isComposing()) {
      this.plan(400); // composed() comes sooner where the browser reports the end of the composition
      return;
    }
    this.flight = this.request(keepalive).finally(() => {
      this.flight = null;
    });
    await this.flight;
    if (this.dirty && !this.held && !this.failures) this.plan(PAUSE);
  }

  async request(keepalive) {
    const document = this.read();
    this.dirty = false;
    this.since = 0;
    this.onState("saving");
    let answer;
    try {
      answer = await this.put(document, keepalive);
    } catch {
      answer = { status: 0 };
    }
    if (answer.status === 200 && answer.body?.version) {
      this.saved(answer.body);
      return;
    }
    this.dirty = true;
    this.draft();
    await this.refused(answer);
  }

  async put(document, keepalive) {
    const body = JSON.stringify({ version: this.version, document });
    const attempt = () =>
      this.send(this.urls.save, {
        method: "PUT",
        credentials: "same-origin",
        redirect: "manual",
        keepalive: keepalive && body.length * 3 < KEEPALIVE_BYTES,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token ?? "" },
        body,
      });
    let response = await attempt();
    // 400 is an old token: a new one, once.
    if (response.status === 400 && (await this.renew()) === "renewed") response = await attempt();
    // A redirect, or a page instead of data, is the way to the sign-in.
    if (response.type === "opaqueredirect") return { status: 401 };
    const isData = (response.headers.get("content-type") || "").includes("json");
    if (response.status === 200 && !isData) return { status: 401 };
    return { status: response.status, body: isData ? await response.json() : null };
  }

  saved(body) {
    this.version = body.version;
    this.failures = 0;
    if (this.dirty) {
      this.draft();
      this.onState("dirty");
    } else {
      this.drafts.confirmed();
      this.onState("saved", { at: body.saved_at });
    }
  }

  async refused({ status, body }) {
    const message = body?.message;
    if (status === 409) {
      this.held = true;
      this.onState("conflict", { message });
      this.onConflict(body);
    } else if (status === 401) {
      this.held = true;
      this.onState("expired", { message });
    } else if (status >= 400 && status < 500 && status !== 429) {
      this.held = true;
      this.onState("refused", { message: message || "系统没有接受这次保存，文字已留在本机。" });
    } else {
      this.onState("failed", { message });
      this.plan(DELAYS[Math.min(this.failures, DELAYS.length - 1)]);
      this.failures += 1;
    }
  }

  /** A fresh token: "renewed", "signed out", "another" (somebody else is signed in now) or "unreachable". */
  async renew() {
    let response;
    try {
      response = await this.send(this.urls.token, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } });
    } catch {
      return "unreachable";
    }
    if (!response.ok || !(response.headers.get("content-type") || "").includes("json")) {
      return response.status >= 500 ? "unreachable" : "signed out";
    }
    const { token, person_id: person } = await response.json();
    if (person !== undefined && String(person) !== String(this.personId)) return "another";
    this.token = token;
    return "renewed";
  }

  /** After a new sign-in, a mended text or a broken line: goes on saving. Says what `renew` says. */
  async resume() {
    const outcome = await this.renew();
    if (outcome !== "renewed") return outcome;
    this.held = false;
    this.failures = 0;
    await this.save();
    return outcome;
  }

  /** The person has settled a conflict: the text now stands on `version`. */
  settle(version) {
    this.version = version;
    this.held = false;
    this.failures = 0;
    this.dirty = true;
    this.draft();
    return this.save();
  }
}
