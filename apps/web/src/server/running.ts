import type { Lethe } from "./boot.ts";

const key = Symbol.for("lethe");

/**
 * The services of this process, undefined before they are booted. They live on `globalThis` because Next
 * gives its bundles modules of their own, and there must be one pool and one event feed for all.
 */
export function running(): Lethe | undefined {
  return Reflect.get(globalThis, key);
}

const booting = Symbol.for("lethe.booting");

/** Says that this process boots the services itself. Next, which asks at its own start, then leaves it alone. */
export function announceBoot(): void {
  Reflect.set(globalThis, booting, true);
}

/** Whether the services are booted by others than Next. */
export const isBootedElsewhere = (): boolean => Reflect.get(globalThis, booting) === true;

/** Makes the services known to the rest of the process. */
export function announce(lethe: Lethe): void {
  Reflect.set(globalThis, key, lethe);
}
