import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "./caller.ts";
import { type Live, tryLive } from "./open-live.ts";

/** What a round is to end with, and what must never be. */
export type Outcome = "deleted_and_refused" | "kept_and_open" | "violation";

export type RaceFigures = {
  rounds: number;
  deletedAndRefused: number;
  keptAndOpen: number;
  violations: string[];
  seconds: number;
};

type RaceOptions = {
  /** Callers of one tenant, each at another server process over the same database. */
  callers: readonly [Caller, Caller];
  rounds: number;
  /** Rounds under way at the same time. */
  parallel: number;
};

/** By how much the lead changes after a round; milliseconds. */
const [smallestStep, largestStep] = [0.1, 10];

/**
 * Lets a connection and a deletion of the same chat race, through two server processes, round after
 * round. Which of the two is sent first, and by how much, follows the outcomes, so that about half of
 * the rounds end either way: that is where the race is.
 */
export async function runRace({ callers, rounds, parallel }: RaceOptions): Promise<RaceFigures> {
  const began = performance.now();
  const figures: RaceFigures = { rounds, deletedAndRefused: 0, keptAndOpen: 0, violations: [], seconds: 0 };
  let next = 0;
  /** Milliseconds by which the deletion is sent after the connection; negative: before it. */
  let lead = 0;
  /** The next change of it: more and more while all rounds end alike, since a busy machine may need much. */
  let step = smallestStep;
  let last: Outcome | undefined;

  function learn(outcome: Outcome) {
    step = outcome === last ? Math.min(step * 1.3, largestStep) : smallestStep;
    last = outcome;
    lead += outcome === "deleted_and_refused" ? step : -step;
  }

  async function worker() {
    while (next < rounds) {
      const round = next++;
      const [connector, deleter] = round % 2 === 0 ? callers : [callers[1], callers[0]];
      const offset = lead + (Math.random() - 0.5) * 4;
      const { outcome, told } = await raceOnce(connector, deleter, offset);
      if (outcome === "deleted_and_refused") figures.deletedAndRefused += 1;
      else if (outcome === "kept_and_open") figures.keptAndOpen += 1;
      else figures.violations.push(`round ${round}: ${told}`);
      learn(outcome);
    }
  }

  await Promise.all(Array.from({ length: parallel }, worker));
  figures.seconds = (performance.now() - began) / 1_000;
  return figures;
}

async function raceOnce(connector: Caller, deleter: Caller, offset: number) {
  const chatId = await connector.createChat();
  const [live, status] = await Promise.all([
    after(-offset, () => tryLive(connector.url, chatId, { headers: { "X-API-Key": connector.apiKey } })),
    after(offset, () => deleter.deleteChat(chatId)),
  ]);
  const told = `DELETE ${status}, ${"status" in live ? `refused with ${live.status}` : "socket open"}`;
  if ("status" in live) {
    const gone = (await connector.getChat(chatId)) === null;
    const lawful = status === 200 && live.status === 404 && gone;
    return { outcome: lawful ? "deleted_and_refused" : "violation", told: `${told}, gone: ${gone}` } as const;
  }
  const lawful = status === 409 && (await stillServed(live, chatId, connector, deleter));
  await live.leave();
  const afterwards = await deleter.deleteChat(chatId);
  const outcome = lawful && afterwards === 200 ? "kept_and_open" : "violation";
  return { outcome, told: `${told}, DELETE after leaving ${afterwards}` } as const;
}

/** Whether the socket is alive in every sense, and a deletion is refused as long as it is. */
async function stillServed(live: Live, chatId: string, connector: Caller, deleter: Caller): Promise<boolean> {
  live.say({ type: "message.create", author: "Ada", body: "Still here" });
  const echoed = await live.next("message.created").catch(() => null);
  const again = await deleter.deleteChat(chatId);
  const chat = await connector.getChat(chatId);
  return echoed?.message.chat_id === chatId && again === 409 && chat?.active_connections === 1;
}

async function after<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  if (milliseconds > 0) await sleep(milliseconds);
  return work();
}
