import { toSample } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import type { SizeResults } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { chatId, seedableTotal } from "../seed/ids.ts";
import { openDeleter } from "./delete.ts";

/** Small chats for each second that the load does not get through. */
const generous = 8_000;

/** How deletions of small chats fare while large ones are being erased, against when none is. */
export async function measureDisturbance(
  rig: Rig,
  { size: { disturbing, messages, callers, seconds } }: Plan,
  server: Server,
): Promise<SizeResults["disturbance"][number]> {
  const total = seedableTotal(generous * seconds);
  const [calm, rough, large] = ["c", "r", "l"].map((kind) => `${kind}${rig.serial()}-`);
  if (!calm || !rough || !large) throw new Error("There are three sets");
  await server.clear();
  for (const label of [calm, rough]) await server.seed({ label, chats: total, messages });
  await server.seed({ label: large, ...disturbing });
  await server.database.settle();

  const undisturbed = toSample(await server.drive({ label: calm, total, callers, seconds }));

  const loading = server.drive({ label: rough, total, callers, seconds });
  let over = false;
  void loading.finally(() => {
    over = true;
  });
  const begun = performance.now();
  const { remove, close } = openDeleter(server);
  let erasures = 0;
  let lastErased = begun;
  const failures: string[] = [];
  for (let n = 0; n < disturbing.chats && !over; n += 1) {
    const { status } = await remove(chatId(large, n));
    if (status === "200") erasures += 1;
    else failures.push(status);
    lastErased = performance.now();
  }
  const result = await loading;
  await close();
  const disturbed = toSample(result);
  const failed = failures.length > 0 ? `large chats were answered with ${failures.join(", ")}` : null;
  const share = Math.min(1, (lastErased - begun) / (result.seconds * 1_000));
  rig.say(
    `${server.name}: p99 ${undisturbed.p99?.toFixed(1)} ms, ` +
      `${disturbed.p99?.toFixed(1)} ms while ${erasures} large chats are erased`,
  );
  return {
    system: server.name,
    undisturbed,
    disturbed: { ...disturbed, invalid: disturbed.invalid ?? failed },
    erasures,
    share,
  };
}
