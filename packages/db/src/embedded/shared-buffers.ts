import { totalmem } from "node:os";

const mib = 1_024 * 1_024;
const smallest = 128;
const largest = 1_024;

/**
 * The memory in which the embedded PostgreSQL keeps pages, as its `shared_buffers`: an eighth of what this
 * process may use, from 128 MiB to 1 GiB. PostgreSQL recommends a quarter of a machine of its own; ours shares it.
 * What is not needed is not touched, and costs nothing.
 */
export function sharedBuffers(memory: number = usableMemory()): string {
  return `${Math.min(largest, Math.max(smallest, Math.floor(memory / 8 / mib)))}MB`;
}

/** Bytes of the machine, or of the container if that is given less. */
function usableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}
