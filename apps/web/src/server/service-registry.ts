import type { Lethe } from "./boot.ts";

const servicesKey = Symbol.for("lethe");

/**
 * The services of this process, undefined before they are booted. They live on `globalThis` because Next
 * gives its bundles modules of their own, and there must be one pool and one event feed for all.
 */
export function runningServices(): Lethe | undefined {
  return Reflect.get(globalThis, servicesKey);
}

const bootingKey = Symbol.for("lethe.booting");

/** Says that this process boots the services itself. Next, which asks at its own start, then leaves it alone. */
export function announceBoot(): void {
  Reflect.set(globalThis, bootingKey, true);
}

/** Whether the services are booted by others than Next. */
export const isBootedElsewhere = (): boolean => Reflect.get(globalThis, bootingKey) === true;

/** Makes the services known to the rest of the process. */
export function registerServices(lethe: Lethe): void {
  Reflect.set(globalThis, servicesKey, lethe);
}

/** Next's entrance to the API: hands a request of a route handler to the one handler for all of it. */
export async function handleRequest(request: Request): Promise<Response> {
  const lethe = runningServices();
  if (!lethe) throw new Error("The services are not running: instrumentation.ts boots them");
  return lethe.api(request);
}
