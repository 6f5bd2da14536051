// What goes over the wire: server-sent events in, posts out. A post keeps its id until the server has taken it.

const WAITS = [500, 1000, 2000, 4000, 8000];

/** Listens to one role's chat and comes back by itself; `heard` maps event names to functions. */
export class Stream {
  constructor(role, heard) {
    this.heard = heard;
    this.source = new EventSource(`/chat/stream?role=${role}`);
    for (const [name, tell] of Object.entries(heard)) {
      if (!["up", "down", "refused"].includes(name)) this.source.addEventListener(name, (event) => tell(JSON.parse(event.data)));
    }
    this.source.onopen = () => heard.up();
    this.source.onerror = () => this.#lost(role);
  }

  #lost(role) {
    this.heard.down();
    if (this.source.readyState !== EventSource.CLOSED) return;
    this.heard.refused();
    // The browser has given up (the server said no, or is not there): ask again, slowly.
    this.retry = setTimeout(() => {
      const next = new Stream(role, this.heard);
      this.close = () => next.close();
    }, 2000);
  }

  close() {
    clearTimeout(this.retry);
    this.source.close();
  }
}

/** Posts one after the other, each again until it has arrived; kept over a reload. */
export class Outbox {
  constructor(role, { waiting, taken, refused }) {
    this.role = role;
    this.name = `outbox-${role}`;
    this.tell = { waiting, taken, refused };
    this.posts = JSON.parse(sessionStorage.getItem(this.name) ?? "[]");
    this.busy = false;
    this.hurry = () => {};
    this.work();
  }

  add(said) {
    const post = { id: crypto.randomUUID(), role: this.role, ...said };
    this.posts.push(post);
    this.#save();
    this.work();
    return post.id;
  }

  async work() {
    if (this.busy) return;
    this.busy = true;
    for (let tries = 0; this.posts.length > 0; ) {
      if (await this.#once(this.posts[0])) {
        tries = 0;
        this.posts.shift();
        this.#save();
      } else {
        this.tell.waiting(this.posts.length);
        await this.#pause(WAITS[Math.min(tries++, WAITS.length - 1)]);
      }
    }
    this.busy = false;
  }

  #pause(ms) {
    return new Promise((done) => {
      this.hurry = done;
      setTimeout(done, ms);
    });
  }

  /** True when the server has taken or refused it, false when it is to be tried again. */
  async #once(post) {
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch("/chat/say", { method: "POST", headers, body: JSON.stringify(post) });
      if (answer.status >= 500) return false;
      if (answer.ok) this.tell.taken(await answer.json(), post);
      else this.tell.refused(answer.status, post);
      return true;
    } catch {
      return false;
    }
  }

  #save() {
    sessionStorage.setItem(this.name, JSON.stringify(this.posts));
  }
}

/** Sends a file; true when it arrived. A file is not kept: the person sees that it failed and sends it again. */
export async function sendFile(role, file) {
  const query = new URLSearchParams({ role, id: crypto.randomUUID(), name: file.name });
  try {
    const type = file.type || "application/octet-stream";
    const answer = await fetch(`/chat/file?${query}`, { method: "POST", headers: { "Content-Type": type }, body: file });
    return answer.status;
  } catch {
    return 0;
  }
}
