import { connect, type Socket } from "node:net";

/** An answer that came whole. */
type Answer = {
  status: number;
  /** Its body as text, where bodies are kept; else empty. */
  body: string;
};

/** Milliseconds without a byte after which an answer is given up. */
const patience = 600_000;

/** What all connections of a process read into: what came is read to its end before anything else comes. */
const memory = Buffer.allocUnsafe(64 * 1_024);

/**
 * A connection over which one asks and is answered, again and again. A request costs little more than the system calls
 * that send it and receive its answer, for callers share the machine with the servers that they measure. What was closed,
 * by the server or by an error, is opened again for the next request.
 */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  readonly #reader: AnswerReader;
  #socket: Socket | undefined;
  #waiting: PromiseWithResolvers<Answer> | undefined;

  /**
   * @param origin such as `http://127.0.0.1:8000`
   * @param keepBodies whether answers are to have their bodies
   */
  constructor(origin: string, keepBodies = false) {
    const { protocol, hostname, port } = new URL(origin);
    if (protocol !== "http:") throw new Error(`Only http: is spoken here, not that of ${origin}`);
    this.#host = hostname;
    this.#port = Number(port || 80);
    this.#reader = new AnswerReader(keepBodies);
  }

  /**
   * Sends a request, all of whose bytes are given, and answers when the last byte of the answer has come. Rejects when
   * none came, no whole one, one that is not HTTP/1.1 (RFC 9112), or more than one. Not for HEAD, whose answers end sooner.
   */
  ask(request: Buffer): Promise<Answer> {
    if (this.#waiting) return Promise.reject(new Error("The request before is not answered yet"));
    this.#waiting = Promise.withResolvers();
    this.#socket ??= this.#open();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#leave(new Error("The connection was closed before the answer came"));
  }

  #open(): Socket {
    this.#reader.begin();
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      onread: {
        buffer: memory,
        callback: (length) => {
          if (socket === this.#socket) this.#read(memory.subarray(0, length));
          return true;
        },
      },
    });
    const leave = (reason: Error) => socket === this.#socket && this.#leave(reason);
    socket.setTimeout(patience, () => leave(new Error(`Nothing came for ${patience / 1_000} s`)));
    socket.on("error", leave);
    socket.on("close", () =>
      leave(new Error("The server closed the connection before the answer was whole")),
    );
    return socket;
  }

  #read(bytes: Buffer): void {
    try {
      if (this.#waiting === undefined) throw new Error("An answer came that nobody asked for");
      if (this.#reader.take(bytes)) this.#answer(this.#waiting);
    } catch (reason) {
      this.#leave(reason instanceof Error ? reason : new Error(String(reason)));
    }
  }

  #answer({ resolve }: PromiseWithResolvers<Answer>): void {
    const { status, body, last } = this.#reader;
    this.#waiting = undefined;
    if (last) this.close();
    else this.#reader.begin();
    resolve({ status, body });
  }

  /** Gives the connection up, and the request that is under way. */
  #leave(reason: Error): void {
    const [socket, waiting] = [this.#socket, this.#waiting];
    this.#socket = undefined;
    this.#waiting = undefined;
    socket?.destroy();
    waiting?.reject(reason);
  }
}

/** Bytes that a head, and a line of a chunked body, may have at most. */
const mostBytes = { head: 64 * 1_024, line: 1_024 };

const nothing = Buffer.alloc(0);

/** The fields that say where an answer ends, and whether another may follow. */
const framing = /\r\n(content-length|transfer-encoding|connection):[ \t]*([^\r\n]*)/gi;

/** Finds the end of an answer, in whatever pieces it comes. Reads its status and what tells its end, and nothing else. */
class AnswerReader {
  /** 0 until the head has come. */
  status = 0;
  /** Whether the server closes the connection after this answer. */
  last = false;
  readonly #keepBody: boolean;
  #body: Buffer[] = [];
  #next: "head" | "data" | "size of a chunk" | "end of a chunk" | "trailer" | "nothing" = "head";
  /** The beginning of a head or line whose end has not come. */
  #begun: Buffer = nothing;
  /** Bytes of data that have not come. */
  #left = 0;
  #chunked = false;

  constructor(keepBody: boolean) {
    this.#keepBody = keepBody;
  }

  get body(): string {
    return Buffer.concat(this.#body).toString();
  }

  /** Makes ready for another answer. */
  begin(): void {
    this.status = 0;
    this.last = false;
    this.#next = "head";
    this.#begun = nothing;
    if (this.#keepBody) this.#body = [];
  }

  /** Takes what came next, whose memory is used again, and answers whether the answer is whole now. Throws when it is none. */
  take(came: Buffer): boolean {
    const bytes = this.#begun.length === 0 ? came : Buffer.concat([this.#begun, came]);
    this.#begun = nothing;
    for (let at = 0; at < bytes.length; ) {
      if (this.#next === "nothing") throw new Error("An answer goes on behind its end");
      at = this.#next === "data" ? this.#skipData(bytes, at) : this.#readText(bytes, at);
    }
    return this.#next === "nothing";
  }

  #skipData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    if (this.#keepBody) this.#body.push(Buffer.from(bytes.subarray(at, end)));
    this.#left -= end - at;
    if (this.#left === 0) this.#next = this.#chunked ? "end of a chunk" : "nothing";
    return end;
  }

  /** Reads a head or a line as soon as all of it is there. */
  #readText(bytes: Buffer, at: number): number {
    const isHead = this.#next === "head";
    const mark = isHead ? "\r\n\r\n" : "\r\n";
    const found = bytes.indexOf(mark, at, "latin1");
    const end = found === -1 ? bytes.length : found;
    if (end - at > (isHead ? mostBytes.head : mostBytes.line))
      throw new Error(`The ${this.#next} has no end`);
    if (found === -1) {
      this.#begun = Buffer.from(bytes.subarray(at));
      return end;
    }
    const text = bytes.toString("latin1", at, end);
    if (isHead) this.#readHead(text);
    else this.#readLine(text);
    return end + mark.length;
  }

  #readHead(head: string): void {
    const status = Number(/^HTTP\/1\.1 ([1-5]\d\d)(?=[ \r]|$)/.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`This is no answer: ${JSON.stringify(head.slice(0, 40))}`);
    if (status === 101) throw new Error("The server changes to a protocol that nobody asked for");
    // The answer itself comes after those that only say that it will.
    if (status < 200) return;
    this.status = status;
    let length: string | undefined;
    this.#chunked = false;
    for (const [, name = "", value = ""] of head.matchAll(framing)) {
      const said = value.trimEnd().toLowerCase();
      if (name.length === "connection".length) this.last ||= said === "close";
      else if (length !== undefined || this.#chunked) throw new Error("An answer says twice where it ends");
      else if (name.length === "content-length".length) length = said;
      else if (said === "chunked") this.#chunked = true;
      else throw new Error(`A body is encoded as ${said}`);
    }
    if (status === 204 || status === 304) this.#next = "nothing";
    else if (this.#chunked) this.#next = "size of a chunk";
    else if (length !== undefined && /^\d{1,15}$/.test(length)) this.#expectData(Number(length), "nothing");
    else throw new Error(`An answer does not say where it ends: Content-Length is ${length}`);
  }

  #readLine(line: string): void {
    if (this.#next === "size of a chunk") {
      const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new Error(`This is no size of a chunk: ${JSON.stringify(line)}`);
      this.#expectData(Number.parseInt(size, 16), "trailer");
    } else if (this.#next === "end of a chunk") {
      if (line !== "") throw new Error("A chunk is longer than it said");
      this.#next = "size of a chunk";
    } else if (line === "") this.#next = "nothing";
  }

  #expectData(bytes: number, otherwise: "nothing" | "trailer"): void {
    this.#left = bytes;
    this.#next = bytes > 0 ? "data" : otherwise;
  }
}
