export type { Caller, Entrance, Outcome } from "./caller.ts";
export { describeParity } from "./describe-parity.ts";
export { restEntrance } from "./rest-caller.ts";
export { trpcEntrance } from "./trpc-caller.ts";
