import type { Lethe } from "./boot.ts";

const key = Symbol.for("lethe");

/**
 * The services of this process, undefined before they are booted. They live on `globalThis` because Next
 * gives its bundles modules of their own, and there must be one pool and one event feed for all.
 */
export function running(): Lethe | undefined {
  return Reflect.get(globalThis, key);
}

/** Makes the services known to the rest of the process. */
export function announce(lethe: Lethe): void {
  Reflect.set(globalThis, key, lethe);
}
