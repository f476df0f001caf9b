// The person's own text on this machine, kept until the server has confirmed it.
// One draft per person, section, base version and open page: two windows never write over each other.

const PREFIX = "perfapp.draft";
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Drafts {
  constructor({ personId, sectionId, storage = window.localStorage }) {
    this.storage = storage;
    this.stem = `${PREFIX}.${personId}.${sectionId}.`;
    this.page = random();
    // Pages of the same section tell each other that they are open: an open page's draft is not up for rescue.
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.stem) : null;
    this.open = new Set();
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.ask) this.channel.postMessage({ here: this.page });
      else if (data.here) this.open.add(data.here);
    });
  }

  /** Writes the draft; false where this machine has no room for it. */
  keep(version, document) {
    const key = `${this.stem}${version}.${this.page}`;
    const value = JSON.stringify({ version, document, at: new Date().toISOString() });
    try {
      this.storage.setItem(key, value);
    } catch {
      return false;
    }
    this.own().filter((other) => other !== key).forEach((other) => this.storage.removeItem(other));
    return true;
  }

  /** The server has this page's text: its draft may go. */
  confirmed() {
    this.own().forEach((key) => this.storage.removeItem(key));
  }

  /** Drafts left by pages that are gone, newest first: [{ key, version, document, at }]. */
  async left(wait = 150) {
    if (this.channel) {
      this.channel.postMessage({ ask: true });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return this.keys()
      .filter((key) => !this.open.has(key.split(".").at(-1)) && !key.endsWith(this.page))
      .map((key) => ({ key, ...read(this.storage, key) }))
      .filter((draft) => draft.document)
      .sort((one, other) => other.at.localeCompare(one.at));
  }

  discard(key) {
    this.storage.removeItem(key);
  }

  keys() {
    return Object.keys(this.storage).filter((key) => key.startsWith(this.stem));
  }

  own() {
    return this.keys().filter((key) => key.endsWith(this.page));
  }
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return {};
  }
}
