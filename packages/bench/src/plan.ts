import { z } from "zod";

/** How much is measured. Times are seconds. */
export const planSchema = z.object({
  quick: z.boolean(),
  rounds: z.int(),
  delete: z.object({
    callers: z.array(z.int()),
    seconds: z.number(),
    warmUpSeconds: z.number(),
    messages: z.int(),
    /** Sizes of the hand-written server's pool; the best at `tuneCallers` is used. */
    pools: z.array(z.int()),
    tuneCallers: z.int(),
  }),
  size: z.object({
    rounds: z.int(),
    /** Messages a chat, and how many such chats a round deletes one after the other. */
    sizes: z.array(z.object({ messages: z.int(), chats: z.int() })),
    /** The chats whose erasure is to disturb others, and those others. */
    disturbing: z.object({ messages: z.int(), chats: z.int() }),
    callers: z.int(),
    seconds: z.number(),
  }),
  tenant: z.object({
    chats: z.array(z.int()),
    messages: z.int(),
    callers: z.int(),
    seconds: z.number(),
  }),
  search: z.object({
    chats: z.int(),
    callers: z.int(),
    seconds: z.number(),
    /** Searches at once in the large tenant while another reads its chats, and the callers of that one. */
    searching: z.int(),
    reading: z.int(),
  }),
  sockets: z.object({ chats: z.int(), perChat: z.int(), opening: z.int(), deletes: z.int() }),
  /** For how long it goes on, once alone and once beside open transactions, and how often a second. */
  events: z.object({ seconds: z.number(), perSecond: z.number() }),
  neighbours: z.object({
    /** What the greedy tenant's jobs delete, how many messages all chats have, and the sockets that it holds. */
    hogChats: z.int(),
    messages: z.int(),
    sockets: z.int(),
    /** What is measured of the other tenant in a round. */
    webhooks: z.int(),
    jobs: z.int(),
    handshakes: z.int(),
    deletes: z.int(),
    /** Chats whose deletion is told, twice each, as fast as can be. */
    rateChats: z.int(),
  }),
});
export type Plan = z.infer<typeof planSchema>;

export const fullPlan: Plan = {
  quick: false,
  rounds: 3,
  delete: {
    callers: [1, 16, 64, 256],
    seconds: 8,
    warmUpSeconds: 3,
    messages: 20,
    pools: [8, 16, 32, 64],
    tuneCallers: 64,
  },
  size: {
    rounds: 20,
    sizes: [
      { messages: 10, chats: 10 },
      { messages: 1_000, chats: 5 },
      { messages: 10_000, chats: 3 },
      { messages: 100_000, chats: 2 },
      { messages: 1_000_000, chats: 1 },
    ],
    disturbing: { messages: 1_000_000, chats: 8 },
    callers: 16,
    seconds: 15,
  },
  tenant: { chats: [1_000, 1_000_000], messages: 2, callers: 4, seconds: 5 },
  search: { chats: 1_000_000, callers: 1, seconds: 10, searching: 50, reading: 4 },
  sockets: { chats: 1_000, perChat: 5, opening: 100, deletes: 100 },
  events: { seconds: 60, perSecond: 4 },
  neighbours: {
    ...{ hogChats: 15_000, messages: 2, sockets: 2_000 },
    ...{ webhooks: 20, jobs: 10, handshakes: 50, deletes: 100, rateChats: 5_000 },
  },
};

/** Seconds instead of minutes: it proves that everything works, and measures nothing. */
export const quickPlan: Plan = {
  quick: true,
  rounds: 1,
  delete: { callers: [1, 16], seconds: 1, warmUpSeconds: 0.5, messages: 20, pools: [10], tuneCallers: 16 },
  size: {
    rounds: 2,
    sizes: [
      { messages: 10, chats: 10 },
      { messages: 10_000, chats: 2 },
    ],
    disturbing: { messages: 50_000, chats: 2 },
    callers: 4,
    seconds: 1,
  },
  tenant: { chats: [100, 5_000], messages: 2, callers: 4, seconds: 0.5 },
  search: { chats: 20_000, callers: 1, seconds: 1, searching: 20, reading: 4 },
  sockets: { chats: 20, perChat: 5, opening: 10, deletes: 5 },
  events: { seconds: 3, perSecond: 4 },
  neighbours: {
    ...{ hogChats: 4_000, messages: 2, sockets: 50 },
    ...{ webhooks: 3, jobs: 2, handshakes: 5, deletes: 10, rateChats: 500 },
  },
};
