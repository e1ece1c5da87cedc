
// ---- The program -----------------------------------------------------------------------------------------

/** The program in its worker. It is started anew where it was stopped. */
class Program {
  constructor() {
    this.source = URL.createObjectURL(new Blob([dataOf("worker-source")], { type: "text/javascript" }));
    this.start();
  }

  start() {
    this.asked = new Map();
    this.next = 1;
    this.worker = new Worker(this.source);
    this.worker.onmessage = ({ data }) => {
      const one = this.asked.get(data.id);
      if (!one) return;
      if (data.stage !== undefined) return one.stage(data.stage);
      this.asked.delete(data.id);
      if (data.failed !== undefined) one.fail(new Error(data.failed));
      else one.done(data);
    };
    this.ready = this.send({ engine: dataOf("engine-data") });
    this.ready.catch(() => {});
  }

  send(message, stage = () => {}) {
    return new Promise((done, fail) => {
      const id = this.next++;
      this.asked.set(id, { done, fail, stage });
      this.worker.postMessage({ id, ...message });
    });
  }

  async run(args, files, stage) {
    await this.ready;
    const own = Object.entries(project.files).map(([name, bytes]) => ({ name: `${PROJECT}/${name}`, bytes }));
    const [command, ...rest] = args;
    const whole = own.length > 0 ? [command, "--project", PROJECT, ...rest] : args;
    return this.send({ args: whole, files: [...own, ...files] }, stage);
  }

  stop() {
    this.worker.terminate();
    for (const { fail } of this.asked.values()) fail(new Error("stopped"));
    this.start();
  }
}

/** The program behind this machine's own address. It has the project; what it is asked is gone once it has answered. */
class Served {
  constructor({ key, token, watched }) {
    this.key = key;
    this.stamp = null;
    this.watched = watched;
    // The token that opened the page is used up; the next one opens it when it is loaded again.
    history.replaceState(null, "", `/?token=${token}`);
    this.here();
  }

  post(path, body = "") {
    this.stopper = new AbortController();
    return fetch(path, { method: "POST", body, headers: { "x-rapporteur-key": this.key }, signal: this.stopper.signal });
  }

  /** Says that the page is open, and hears whether a script has changed. */
  async here() {
    try {
      const answer = await fetch("/here", { method: "POST", headers: { "x-rapporteur-key": this.key } });
      const { stamp } = await answer.json();
      if (this.stamp !== null && stamp !== this.stamp) scriptsChanged();
      this.stamp = stamp;
      setTimeout(() => this.here(), this.watched ? 1_000 : 20_000);
    } catch {
      fail("The program has ended. Start it again, and open the page that it shows.");
    }
  }

  /** Asks from time to time how far a run is, until it is over. */
  follow(id, stage) {
    const asking = setInterval(async () => {
      try {
        const answer = await fetch("/stage", { method: "POST", body: id, headers: { "x-rapporteur-key": this.key } });
        const told = await answer.json();
        if (told.stage) stage(told.stage);
      } catch {
        // The run itself will say that the program is gone.
      }
    }, 300);
    return () => clearInterval(asking);
  }

  async run(args, files, stage) {
    const id = crypto.randomUUID();
    const followed = this.follow(id, stage);
    try {
      return await this.answered({ id, args }, files);
    } finally {
      followed();
    }
  }

  async answered(question, files) {
    const head = encoded(JSON.stringify({ ...question, files: files.map(({ name, bytes }) => ({ name, size: bytes.length })) }));
    const lead = new Uint8Array(4);
    new DataView(lead.buffer).setUint32(0, head.length, true);
    let answer;
    try {
      answer = await this.post("/run", new Blob([lead, head, ...files.map(({ bytes }) => bytes)]));
    } catch (error) {
      throw new Error(error.name === "AbortError" ? "stopped" : "the program on this machine does not answer");
    }
    if (!answer.ok) throw new Error(await answer.text());
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const told = JSON.parse(decoded(bytes.subarray(4, 4 + length)));
    let at = 4 + length;
    const made = told.files.map(({ name, size }) => ({ name, bytes: bytes.slice(at, (at += size)) }));
    return { ...told, files: made };
  }

  stop() {
    this.stopper?.abort();
  }
}

const session = dataOf("session-data") && JSON.parse(dataOf("session-data"));
