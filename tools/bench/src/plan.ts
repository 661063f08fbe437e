import type { PostgresName } from "./rig/postgres.ts";
import type { SystemName } from "./rig/rig.ts";

/** Chats that stay in a table, and the messages of each. */
export type Table = { chats: number; messages: number };

/** How much is measured. Times are seconds. */
export type Plan = {
  quick: boolean;
  rounds: number;
  delete: {
    rounds: number;
    /** Rounds of what no promise is about. */
    fewerRounds: number;
    /** Messages of the chats that are deleted. */
    messages: number;
    callers: number[];
    /** Deletes of a lone caller in a turn, and of several; in small tables at most so many slices of half the table. */
    deletes: { lone: number; several: number };
    slices: number;
    /** In which tables is measured on each PostgreSQL, and who. */
    on: Record<PostgresName, { tables: Table[]; systems: SystemName[] }>;
    /** Chats in the table in which all systems are measured. */
    compared: number;
    /** Sizes of the hand-written servers' pools, of which each gets its best, and the load that tells. */
    pools: number[];
    tuning: { callers: number; deletes: number };
  };
  reads: Table & { rounds: number; pageSize: number; callers: number; seconds: number };
  /** How many chats a job deletes; how often another tenant deletes one, and for how long when there is no job. */
  job: Table & { rounds: number; perSecond: number; seconds: number };
  size: {
    rounds: number;
    /** Messages a chat, and how many such chats a round deletes one after the other. */
    sizes: Table[];
    /** The chats whose erasure is to disturb others, and those others. */
    disturbing: Table;
    messages: number;
    callers: number;
    seconds: number;
    warmUpSeconds: number;
  };
  tenant: { chats: number[]; messages: number; callers: number; seconds: number };
  search: {
    chats: number;
    callers: number;
    seconds: number;
    /** Searches at once in the large tenant while another reads its chats, and the callers of that one. */
    searching: number;
    reading: number;
  };
  sockets: { chats: number; perChat: number; opening: number; deletes: number };
  /** For how long it goes on, once alone and once beside open transactions, and how often a second. */
  events: { seconds: number; perSecond: number };
  neighbours: {
    /** What the greedy tenant's jobs delete, how many messages all chats have, and the sockets that it holds. */
    hogChats: number;
    messages: number;
    sockets: number;
    /** What is measured of the other tenant in a round. */
    webhooks: number;
    jobs: number;
    handshakes: number;
    deletes: number;
    /** Chats whose deletion is told, twice each, as fast as can be. */
    rateChats: number;
  };
  /** First visits, turns of the wheel, and chats that are moved to the Trash. */
  dashboard: { chats: number; loads: number; turns: number; deletes: number };
  memory: Table & { callers: number; sockets: number; streams: number; seconds: number };
};

export const fullPlan: Plan = {
  quick: false,
  rounds: 3,
  delete: {
    rounds: 6,
    fewerRounds: 2,
    messages: 20,
    callers: [1, 16, 64, 256],
    deletes: { lone: 1_000, several: 4_000 },
    slices: 8,
    on: {
      embedded: {
        tables: [
          { chats: 5_000, messages: 20 },
          { chats: 500, messages: 20 },
          { chats: 50_000, messages: 20 },
          { chats: 1_000_000, messages: 2 },
        ],
        systems: ["lethe", "peer", "fastify", "next", "pgbench"],
      },
      15: {
        tables: [
          { chats: 5_000, messages: 20 },
          { chats: 500, messages: 20 },
        ],
        systems: ["lethe", "peer"],
      },
    },
    compared: 5_000,
    pools: [8, 16, 32],
    tuning: { callers: 64, deletes: 4_000 },
  },
  reads: { rounds: 6, chats: 5_000, messages: 20, pageSize: 50, callers: 16, seconds: 3 },
  job: { rounds: 3, chats: 10_000, messages: 20, perSecond: 50, seconds: 10 },
  size: {
    rounds: 6,
    sizes: [
      { messages: 10, chats: 10 },
      { messages: 1_000, chats: 5 },
      { messages: 10_000, chats: 3 },
      { messages: 100_000, chats: 2 },
      { messages: 1_000_000, chats: 1 },
    ],
    disturbing: { messages: 1_000_000, chats: 5 },
    messages: 20,
    callers: 16,
    seconds: 15,
    warmUpSeconds: 3,
  },
  tenant: { chats: [1_000, 1_000_000], messages: 2, callers: 4, seconds: 3 },
  search: { chats: 1_000_000, callers: 1, seconds: 6, searching: 50, reading: 4 },
  sockets: { chats: 1_000, perChat: 5, opening: 100, deletes: 100 },
  events: { seconds: 30, perSecond: 4 },
  neighbours: {
    ...{ hogChats: 40_000, messages: 2, sockets: 2_000 },
    ...{ webhooks: 20, jobs: 10, handshakes: 50, deletes: 100, rateChats: 5_000 },
  },
  dashboard: { chats: 100_000, loads: 7, turns: 600, deletes: 10 },
  memory: { chats: 5_000, messages: 20, callers: 16, sockets: 200, streams: 20, seconds: 600 },
};

/** Two minutes: how deleting compares with the same promises kept by hand, for who is at work on it. */
export const briefPlan: Plan = {
  ...fullPlan,
  delete: {
    ...fullPlan.delete,
    rounds: 4,
    callers: [1, 16, 64],
    deletes: { lone: 300, several: 1_500 },
    on: {
      embedded: { tables: [{ chats: 5_000, messages: 20 }], systems: ["lethe", "peer"] },
      15: { tables: [{ chats: 5_000, messages: 20 }], systems: ["lethe", "peer"] },
    },
    pools: [16],
  },
  memory: { ...fullPlan.memory, seconds: 60 },
};

/** Seconds instead of minutes: it proves that everything works, and measures nothing. */
export const quickPlan: Plan = {
  quick: true,
  rounds: 1,
  delete: {
    rounds: 1,
    fewerRounds: 1,
    messages: 20,
    callers: [1, 16],
    deletes: { lone: 100, several: 300 },
    slices: 2,
    on: {
      embedded: {
        tables: [
          { chats: 500, messages: 20 },
          { chats: 2_000, messages: 2 },
        ],
        systems: ["lethe", "peer", "fastify", "next", "pgbench"],
      },
      15: { tables: [{ chats: 500, messages: 20 }], systems: ["lethe", "peer"] },
    },
    compared: 500,
    pools: [10],
    tuning: { callers: 16, deletes: 100 },
  },
  reads: { rounds: 1, chats: 200, messages: 20, pageSize: 50, callers: 4, seconds: 0.5 },
  job: { rounds: 1, chats: 500, messages: 20, perSecond: 20, seconds: 1 },
  size: {
    rounds: 2,
    sizes: [
      { messages: 10, chats: 10 },
      { messages: 10_000, chats: 2 },
    ],
    disturbing: { messages: 50_000, chats: 2 },
    messages: 20,
    callers: 4,
    seconds: 1,
    warmUpSeconds: 0.5,
  },
  tenant: { chats: [100, 5_000], messages: 2, callers: 4, seconds: 0.5 },
  search: { chats: 20_000, callers: 1, seconds: 1, searching: 20, reading: 4 },
  sockets: { chats: 20, perChat: 5, opening: 10, deletes: 5 },
  events: { seconds: 3, perSecond: 4 },
  neighbours: {
    ...{ hogChats: 4_000, messages: 2, sockets: 50 },
    ...{ webhooks: 3, jobs: 2, handshakes: 5, deletes: 10, rateChats: 500 },
  },
  dashboard: { chats: 500, loads: 2, turns: 20, deletes: 2 },
  memory: { chats: 200, messages: 20, callers: 16, sockets: 20, streams: 5, seconds: 5 },
};
