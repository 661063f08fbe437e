import { request } from "undici";
import { z } from "zod";
import { medianSample, toSample } from "../load/quantile.ts";
import { type LoadJob, runLoad } from "../load/run-load.ts";
import type { Plan } from "../plan.ts";
import { type SearchResults, searchKinds } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { chatId, createCredentials, createLetheTenant, seedLethe } from "../seed/lethe.ts";

type Kind = (typeof searchKinds)[number];

/** Different parts of a kind, and chats of the neighbour. */
const distinct = 500;
const neighbour = 1_000;

const openers = ["Question about", "Trouble with", "Plan for", "Notes on", "Feedback on", "Review of"];
const subjects = [
  "the invoice",
  "the delivery",
  "the new office",
  "the report",
  "the contract",
  "the budget",
];
const syllables =
  "ka ro ste lin mar to be nor vi san del pru ge fo wil hep tu zan mi crol jo rap dus ley".split(" ");
const names = syllables.length ** 3;

/** The n-th of some ten thousand names. */
function name(n: number): string {
  const at = (place: number) => syllables[Math.floor(n / syllables.length ** place) % syllables.length] ?? "";
  return at(0) + at(1) + at(2);
}

/** Spreads numbers, so that neighbours in time have nothing in common. */
const scatter = (n: number, factor: number) => Math.imul(n, factor) >>> 8;

/** Such as "Plan for the new office of rostekalin, no. 482113". */
function title(n: number): string {
  const opener = openers[scatter(n, 0x9e3779b1) % openers.length] ?? "";
  const subject = subjects[scatter(n, 0x85ebca6b) % subjects.length] ?? "";
  return `${opener} ${subject} of ${name(scatter(n, 0xc2b2ae35) % names)}, no. ${n}`;
}

/** The n-th part of each kind to search for. */
const parts: Record<Kind, (n: number, chats: number) => string> = {
  "one hit": (n, chats) =>
    `${name(scatter((n * 1_999) % chats, 0xc2b2ae35) % names)}, no. ${(n * 1_999) % chats}`,
  "many hits": (n) => name(n * 41).slice(1),
  "very many hits": (n) => `${openers[n % openers.length]} ${subjects[n % subjects.length]}`.slice(n % 4),
  miss: (n) => `quetz${name(n)}`,
  "miss of common words": (n) => `${subjects[n % subjects.length]} of ${openers[n % openers.length]}`,
  "two characters": (n) => ["zz", "qx", "wk", "jb"][n % 4] ?? "",
};
const misses: readonly Kind[] = ["miss", "miss of common words", "two characters"];

/** How long a search of a large tenant takes, and what many at once are to another tenant. */
export async function measureSearchSuite(rig: Rig, plan: Plan): Promise<SearchResults> {
  const { chats, callers, seconds, searching, reading } = plan.search;
  const [large, small] = [createCredentials(), createCredentials()];
  const server = await startLethe(rig, large);
  try {
    await createLetheTenant(server.database, small);
    await seedLethe(server.database, large, { label: "large-", chats, messages: 0, title });
    await seedLethe(server.database, small, { label: "small-", chats: neighbour, messages: 2 });
    await server.database.settle();
    const search = (kind: Kind): LoadJob => ({
      ...{ origin: server.origin, callers, seconds, method: "GET", cycle: true, followPages: false },
      paths: Array.from({ length: distinct }, (_, n) => pathOf(server, parts[kind](n, chats))),
      headers: { "x-api-key": large.apiKey },
    });
    const rows: SearchResults["rows"] = [];
    for (const kind of searchKinds) {
      await expectFound(search(kind), !misses.includes(kind));
      const samples = [];
      for (let round = 0; round < plan.rounds; round += 1)
        samples.push(toSample(await runLoad(search(kind))));
      const row = { kind, samples, median: medianSample(samples) };
      rig.say(`search, ${kind}: p50 ${row.median.p50?.toFixed(2)} ms, p99 ${row.median.p99?.toFixed(2)} ms`);
      rows.push(row);
    }
    const get: LoadJob = {
      ...search("miss"),
      callers: reading,
      paths: Array.from({ length: neighbour }, (_, n) => server.chatPath(chatId("small-", n))),
      headers: { "x-api-key": small.apiKey },
    };
    const all: LoadJob = {
      ...search("miss"),
      callers: searching,
      seconds: seconds + 2,
      paths: Array.from({ length: distinct }, (_, n) =>
        pathOf(server, parts[searchKinds[n % searchKinds.length] ?? "miss"](n, chats)),
      ),
    };
    const rounds: Pick<SearchResults, "alone" | "meanwhile">[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const alone = toSample(await runLoad(get));
      const load = runLoad(all);
      const meanwhile = toSample(await runLoad(get));
      rig.say(`get: p99 ${alone.p99?.toFixed(2)} ms alone, ${meanwhile.p99?.toFixed(2)} ms meanwhile`);
      rig.say(`searches at once: ${JSON.stringify((await load).statuses)}`);
      rounds.push({ alone, meanwhile });
    }
    return {
      ...{ chats, rows, searching },
      alone: medianSample(rounds.map(({ alone }) => alone)),
      meanwhile: medianSample(rounds.map(({ meanwhile }) => meanwhile)),
    };
  } finally {
    await server.stop();
  }
}

const pathOf = (server: Server, part: string) =>
  `${server.chatPath("").replace(/\/$/, "")}?limit=20&q=${encodeURIComponent(part)}`;

const page = z.object({ data: z.array(z.unknown()) });

/** Makes sure that what is measured as a hit is one, and that a miss is none. */
async function expectFound({ origin, paths: [path = ""], headers }: LoadJob, found: boolean): Promise<void> {
  const { body } = await request(`${origin}${path}`, { headers });
  const { data } = page.parse(await body.json());
  if (data.length > 0 !== found) throw new Error(`${path} found ${data.length} chats`);
}
