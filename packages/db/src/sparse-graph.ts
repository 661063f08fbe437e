import type { GetPrismaClientConfig } from "@prisma/client/runtime/client";

/** Prisma learns from it what of a question is a value. */
export type Graph = GetPrismaClientConfig["parameterizationSchema"];

/** From this number on V8 keeps a property of an object without elements in a table, not in an array up to it (`JSObject::kMaxGap`). */
const first = 1_024;

/**
 * The same graph of all questions with greater numbers for its names. Prisma reads it into objects whose keys are these numbers.
 * Of such a one with a few small keys V8 makes an array as long as one and a half times the greatest: 700 of them are 5 MB.
 *
 * @throws Error if it is written in another way than this version of Prisma's client reads
 */
export function sparsely({ strings, graph }: Graph): Graph {
  const bytes = Buffer.from(graph, "base64url");
  const written: number[] = [];
  let at = 0;

  /** A number, seven bits a byte, the lowest first; all but the last byte have the highest bit. */
  function read(): number {
    let number = 0;
    let byte = 128;
    for (let shift = 0; byte >= 128; shift += 7) {
      byte = bytes.readUInt8(at);
      at += 1;
      number += (byte & 127) * 2 ** shift;
    }
    return number;
  }
  function write(number: number): number {
    let rest = number;
    for (; rest >= 128; rest = Math.floor(rest / 128)) written.push((rest % 128) + 128);
    written.push(rest);
    return number;
  }
  const copy = () => write(read());
  const copyBytes = (count: number) => {
    for (let n = 0; n < count; n += 1, at += 1) written.push(bytes.readUInt8(at));
  };
  const name = () => write(read() + first);
  /** Zero is none, and all others are one more than they are. */
  const nameIfAny = () => {
    const number = read();
    write(number === 0 ? 0 : number + first);
  };

  const [inputs, outputs, roots] = [copy(), copy(), copy()];
  for (let node = 0; node < inputs; node += 1)
    for (let edges = copy(); edges > 0; edges -= 1) {
      name();
      copyBytes(2); // kinds of scalars
      copy(); // node
      nameIfAny(); // enum
      copyBytes(1); // flags
    }
  const named = () => {
    name();
    copy(); // node of arguments
    copy(); // node of results
  };
  for (let node = 0; node < outputs; node += 1) for (let edges = copy(); edges > 0; edges -= 1) named();
  for (let root = 0; root < roots; root += 1) named();
  if (at !== bytes.length)
    throw new Error("Prisma's graph of questions has another form than this version knows");
  return {
    strings: [...new Array<string>(first).fill(""), ...strings],
    graph: Buffer.from(written).toString("base64url"),
  };
}
