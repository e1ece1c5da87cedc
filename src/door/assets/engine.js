// Runs the program, as WebAssembly, on files that are in memory only. What it may ask for is here and
// nothing else: no network, no disk, no other process. One run is one instance, so nothing is left of it.

/* exported runProgram */
const ERRNO = { badf: 8, exist: 20, inval: 28, isdir: 31, noent: 44, notdir: 54, notempty: 55, notsup: 58 };
const FOLDER = 3;
const REGULAR = 4;

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Files and folders by their paths; folders have no bytes. */
class Disk {
  constructor(files, folders) {
    this.entries = new Map(["", ...folders].map((path) => [path, { folder: true }]));
    for (const { name, bytes } of files) {
      const parts = name.split("/");
      for (let depth = 1; depth < parts.length; depth++) {
        this.entries.set(parts.slice(0, depth).join("/"), { folder: true });
      }
      this.entries.set(name, { bytes, size: bytes.length });
    }
  }

  /** A path as it is kept: from the root, without dots. */
  static path(folder, text) {
    const parts = [];
    for (const part of `${folder}/${text}`.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "" && part !== ".") parts.push(part);
    }
    return parts.join("/");
  }

  inside(folder) {
    const start = folder === "" ? "" : `${folder}/`;
    const names = [];
    for (const path of this.entries.keys()) {
      const name = path.slice(start.length);
      if (path !== "" && path !== folder && path.startsWith(start) && !name.includes("/")) names.push(name);
    }
    return names.sort();
  }

  static write(file, at, bytes) {
    const end = at + bytes.length;
    if (end > file.bytes.length) {
      const larger = new Uint8Array(Math.max(end, file.bytes.length * 2, 4096));
      larger.set(file.bytes.subarray(0, file.size));
      file.bytes = larger;
    }
    file.bytes.set(bytes, at);
    file.size = Math.max(file.size, end);
  }
}

/** The part of WASI (preview 1) that the program uses. */
class System {
  constructor(args, disk, stage) {
    this.args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
    this.disk = disk;
    this.stage = stage;
    this.texts = { 1: "", 2: "" };
    this.decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
    this.open = new Map([[3, { path: "", entry: disk.entries.get("") }]]);
    this.next = 4;
  }

  get view() {
    return new DataView(this.memory.buffer);
  }

  bytes(at, length) {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  text(at, length) {
    return new TextDecoder().decode(this.bytes(at, length));
  }

  said(stream, bytes) {
    this.texts[stream] += this.decoders[stream].decode(bytes, { stream: true });
    if (stream !== 2) return;
    const lines = this.texts[2].split("\n");
    const stages = lines.slice(0, -1).filter((line) => line.startsWith("stage: "));
    if (stages.length === 0) return;
    for (const line of stages) this.stage(line.slice("stage: ".length));
    this.texts[2] = lines.filter((line, index) => index === lines.length - 1 || !line.startsWith("stage: ")).join("\n");
  }

  /** Calls `each` for every buffer of a list of them, until it gives less than was asked. */
  buffers(list, count, total, each) {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const at = this.view.getUint32(list + 8 * index, true);
      const length = this.view.getUint32(list + 8 * index + 4, true);
      const done = each(this.bytes(at, length));
      sum += done;
      if (done < length) break;
    }
    this.view.setUint32(total, sum, true);
    return 0;
  }

  stat(at, entry) {
    this.bytes(at, 64).fill(0);
    this.view.setUint8(at + 16, entry.folder ? FOLDER : REGULAR);
    this.view.setBigUint64(at + 24, 1n, true);
    this.view.setBigUint64(at + 32, BigInt(entry.folder ? 0 : entry.size), true);
    return 0;
  }

  /** Hands over texts that end in 0: a table of addresses, and the texts themselves. */
  strings(list, at) {
    for (const [index, text] of this.args.entries()) {
      this.view.setUint32(list + 4 * index, at, true);
      this.bytes(at, text.length).set(text);
      at += text.length;
    }
    return 0;
  }

  opened(fd, use) {
    const file = this.open.get(fd);
    return file ? use(file) : ERRNO.badf;
  }

  imports() {
    const { disk } = this;
    const none = () => 0;
    return {
      args_sizes_get: (count, size) => {
        this.view.setUint32(count, this.args.length, true);
        this.view.setUint32(size, this.args.reduce((sum, text) => sum + text.length, 0), true);
        return 0;
      },
      args_get: (list, at) => this.strings(list, at),
      environ_sizes_get: (count, size) => {
        this.view.setUint32(count, 0, true);
        this.view.setUint32(size, 0, true);
        return 0;
      },
      environ_get: none,
      clock_time_get: (id, precision, at) => {
        const now = id === 0 ? Date.now() : performance.now();
        this.view.setBigUint64(at, BigInt(Math.round(now * 1e6)), true);
        return 0;
      },
      random_get: (at, length) => {
        crypto.getRandomValues(this.bytes(at, length));
        return 0;
      },
      sched_yield: none,
      poll_oneoff: () => ERRNO.notsup,
      proc_exit: (code) => {
        throw new Exit(code);
      },
      fd_prestat_get: (fd, at) => {
        if (fd !== 3) return ERRNO.badf;
        this.view.setUint32(at, 0, true);
        this.view.setUint32(at + 4, 1, true);
        return 0;
      },
      fd_prestat_dir_name: (fd, at) => {
        this.view.setUint8(at, "/".charCodeAt(0));
        return 0;
      },
      fd_fdstat_get: (fd, at) => {
        const file = this.open.get(fd);
        if (!file && fd > 2) return ERRNO.badf;
        this.bytes(at, 24).fill(0);
        this.view.setUint8(at, file?.entry.folder ? FOLDER : REGULAR);
        this.view.setBigUint64(at + 8, ~0n & 0xffffffffffffffffn, true);
        this.view.setBigUint64(at + 16, ~0n & 0xffffffffffffffffn, true);
        return 0;
      },
      fd_filestat_get: (fd, at) => this.opened(fd, (file) => this.stat(at, file.entry)),
      fd_close: (fd) => (this.open.delete(fd) ? 0 : ERRNO.badf),
      fd_sync: none,
      fd_seek: (fd, offset, whence, at) =>
        this.opened(fd, (file) => {
          const from = [0, file.at, file.entry.size][whence];
          const to = from + Number(offset);
          if (!(to >= 0)) return ERRNO.inval;
          file.at = to;
          this.view.setBigUint64(at, BigInt(to), true);
          return 0;
        }),
      fd_read: (fd, list, count, total) => {
        if (fd === 0) return this.buffers(list, 0, total, none);
        return this.opened(fd, (file) => {
          if (file.entry.folder) return ERRNO.isdir;
          return this.buffers(list, count, total, (into) => {
            const some = file.entry.bytes.subarray(file.at, Math.min(file.at + into.length, file.entry.size));
            into.set(some);
            file.at += some.length;
            return some.length;
          });
        });
      },
      fd_write: (fd, list, count, total) => {
        if (fd === 1 || fd === 2) {
          return this.buffers(list, count, total, (bytes) => {
            this.said(fd, bytes);
            return bytes.length;
          });
        }
        return this.opened(fd, (file) =>
          this.buffers(list, count, total, (bytes) => {
            Disk.write(file.entry, file.at, bytes);
            file.at += bytes.length;
            return bytes.length;
          }));
      },
      fd_readdir: (fd, at, length, cookie, used) =>
        this.opened(fd, (file) => {
          if (!file.entry.folder) return ERRNO.notdir;
          let done = 0;
          for (const [index, name] of disk.inside(file.path).entries()) {
            if (index < Number(cookie)) continue;
            const text = new TextEncoder().encode(name);
            const record = new Uint8Array(24 + text.length);
            const view = new DataView(record.buffer);
            view.setBigUint64(0, BigInt(index + 1), true);
            view.setUint32(16, text.length, true);
            view.setUint8(20, disk.entries.get(Disk.path(file.path, name)).folder ? FOLDER : REGULAR);
            record.set(text, 24);
            const some = record.subarray(0, length - done);
            this.bytes(at + done, some.length).set(some);
            done += some.length;
            if (done === length) break;
          }
          this.view.setUint32(used, done, true);
          return 0;
        }),
      path_open: (fd, follow, at, length, how, rights, inherited, flags, out) =>
        this.opened(fd, (folder) => {
          const path = Disk.path(folder.path, this.text(at, length));
          const [create, wantsFolder, exclusive, truncate] = [how & 1, how & 2, how & 4, how & 8];
          let entry = disk.entries.get(path);
          if (entry && create && exclusive) return ERRNO.exist;
          if (!entry && !create) return ERRNO.noent;
          if (!entry) {
            const above = disk.entries.get(Disk.path(path, ".."));
            if (!above?.folder) return ERRNO.noent;
            entry = { bytes: new Uint8Array(0), size: 0 };
            disk.entries.set(path, entry);
          }
          if (wantsFolder && !entry.folder) return ERRNO.notdir;
          if (truncate && !entry.folder) entry.size = 0;
          this.open.set(this.next, { path, entry, at: 0 });
          this.view.setUint32(out, this.next++, true);
          return 0;
        }),
      path_filestat_get: (fd, follow, at, length, out) =>
        this.opened(fd, (folder) => {
          const entry = disk.entries.get(Disk.path(folder.path, this.text(at, length)));
          return entry ? this.stat(out, entry) : ERRNO.noent;
        }),
      path_create_directory: (fd, at, length) =>
        this.opened(fd, (folder) => {
          const path = Disk.path(folder.path, this.text(at, length));
          if (disk.entries.has(path)) return ERRNO.exist;
          disk.entries.set(path, { folder: true });
          return 0;
        }),
      path_rename: (fd, at, length, toFd, toAt, toLength) =>
        this.opened(fd, (folder) =>
          this.opened(toFd, (toFolder) => {
            const path = Disk.path(folder.path, this.text(at, length));
            const entry = disk.entries.get(path);
            if (!entry) return ERRNO.noent;
            disk.entries.delete(path);
            disk.entries.set(Disk.path(toFolder.path, this.text(toAt, toLength)), entry);
            return 0;
          })),
      path_unlink_file: (fd, at, length) =>
        this.opened(fd, (folder) => {
          const path = Disk.path(folder.path, this.text(at, length));
          return disk.entries.delete(path) ? 0 : ERRNO.noent;
        }),
      path_remove_directory: () => ERRNO.notsup,
      path_link: () => ERRNO.notsup,
      path_readlink: () => ERRNO.inval,
    };
  }
}

/**
 * One run: the command line, the files that it finds, and whom to tell of its stages. Gives the exit code,
 * what it said, and the files that it wrote.
 */
async function runProgram(module, args, files, stage, folders = []) {
  const disk = new Disk(files, folders);
  const before = new Map([...disk.entries].map(([path, entry]) => [path, entry.bytes]));
  const system = new System(["rapporteur", ...args], disk, stage);
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: system.imports() });
  system.memory = instance.exports.memory;
  let code = 0;
  try {
    instance.exports._start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  const written = [...disk.entries]
    .filter(([path, entry]) => !entry.folder && before.get(path) !== entry.bytes)
    .map(([name, entry]) => ({ name, bytes: entry.bytes.slice(0, entry.size) }));
  return { code, out: system.texts[1], err: system.texts[2], files: written };
}
