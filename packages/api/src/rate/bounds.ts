import { type ErrorReason, Gate, type GateOptions, LetheError, type Principal } from "@lethe/core";
import type { Metrics } from "../ops/metrics.ts";

/** Who asks for a place, and whose places it counts against. */
export type Holder = Pick<Principal, "holderId" | "tenantId">;

/** Something of which callers may have only so much at a time. */
export type Bound = {
  /**
   * Takes a place. Answers what gives it back, which has to be called however that ends which the place was for, and
   * may be called more than once.
   *
   * @throws TOO_MANY_REQUESTS when the key or the tenant has no more, SERVICE_UNAVAILABLE when all tenants together
   *   have what a process can carry
   */
  take: (holder: Holder) => Promise<() => void>;
};

/** How many of each one tenant may have in a process at a time. */
export type BoundSizes = { sockets: number; streams: number; exports: number; searches: number };

export type Bounds = Record<keyof BoundSizes, Bound>;

type Kind = {
  /** As a sentence has it. */
  name: string;
  reason: ErrorReason;
  /** The variable that sets the size. */
  variable: string;
  /** Seconds. */
  retryAfter: number;
} & Pick<GateOptions, "queue" | "rest">;

const kinds: Record<keyof BoundSizes, Kind> = {
  sockets: { name: "WebSockets", reason: "too_many_sockets", variable: "LETHE_MAX_SOCKETS", retryAfter: 5 },
  streams: {
    name: "event streams",
    reason: "too_many_streams",
    variable: "LETHE_MAX_STREAMS",
    retryAfter: 5,
  },
  exports: { name: "exports", reason: "too_many_exports", variable: "LETHE_MAX_EXPORTS", retryAfter: 2 },
  searches: {
    name: "searches",
    reason: "too_many_searches",
    variable: "LETHE_MAX_SEARCHES",
    retryAfter: 1,
    // They end soon by themselves.
    queue: { length: 50, waitMs: 3_000 },
    // Who asks for more than there are places for leaves two thirds of the time to others.
    rest: { times: 2, mostMs: 200 },
  },
};

/**
 * What keeps one key from taking a process from the others of its tenant, and one tenant from taking it from the other
 * tenants. A tenant has the whole of each size, an API key half of it, and all tenants together four times as much.
 * Sessions count for the key that they were made with. Each process counts for itself.
 */
export function createBounds(sizes: BoundSizes, metrics: Pick<Metrics, "refused">): Bounds {
  const bound = (kind: keyof BoundSizes) => createBound(kinds[kind], sizes[kind], metrics);
  return {
    sockets: bound("sockets"),
    streams: bound("streams"),
    exports: bound("exports"),
    searches: bound("searches"),
  };
}

function createBound(kind: Kind, size: number, metrics: Pick<Metrics, "refused">): Bound {
  const gateOf = (whose: keyof typeof refusals, places: number) =>
    new Gate({
      places,
      ...(kind.queue && { queue: kind.queue }),
      // In all places together there are others already.
      ...(kind.rest && whose !== "server" && { rest: kind.rest }),
      refusal: () => {
        metrics.refused.inc({ reason: kind.reason, whose });
        return refusals[whose](kind, places);
      },
    });
  const key = gateOf("key", Math.ceil(size / 2));
  const tenant = gateOf("tenant", size);
  const server = gateOf("server", size * 4);
  return {
    take: async ({ holderId, tenantId }) => {
      const until = performance.now() + (kind.queue?.waitMs ?? 0);
      const taken: (() => void)[] = [];
      const leave = () => {
        for (const one of taken) one();
      };
      try {
        taken.push(await key.enter(holderId, until));
        taken.push(await tenant.enter(tenantId, until));
        taken.push(await server.enter("all", until));
        return leave;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

const refusals = {
  key: ({ name, variable, ...kind }: Kind, places: number) =>
    refusal("TOO_MANY_REQUESTS", kind, `Your API key has ${places} ${name} (half of ${variable})`),
  tenant: ({ name, variable, ...kind }: Kind, places: number) =>
    refusal("TOO_MANY_REQUESTS", kind, `Your tenant has ${places} ${name} (${variable})`),
  server: ({ name, variable, ...kind }: Kind, places: number) =>
    refusal(
      "SERVICE_UNAVAILABLE",
      kind,
      `All tenants together have ${places} ${name} (four times ${variable})`,
    ),
};

const refusal = (
  code: "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE",
  { reason, retryAfter }: Pick<Kind, "reason" | "retryAfter">,
  fact: string,
) =>
  new LetheError(
    code,
    reason,
    `${fact} under way here, which is as many as may be. Wait for one to end, then try again`,
    { retryAfter },
  );
