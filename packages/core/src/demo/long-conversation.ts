import type { Conversation } from "./parse-conversations.ts";

const services = ["web", "api", "search", "billing", "mailer", "exports"];
const people = ["Adaeze", "Jonas", "Mira", "Yuki"];
const watching = [
  "Watching the graphs.",
  "On it, thanks.",
  "Mine. I stay here until it is through.",
  "Finally. This one carries the fix for the slow report.",
  "Small one, mostly translations.",
];
const fine = [
  "Looks calm. p99 unchanged.",
  "Error rate flat, queue empty.",
  "Memory went down a little, as hoped.",
  "All green. Lunch.",
  "Checked on my phone too, works.",
];
const back = [
  "Rolling back: timeouts doubled within a minute.",
  "Rolling back, the new index is not there yet.",
  "Back to the one before. I left a debug flag on, sorry.",
];

/**
 * A channel that tells of every deployment: the one chat of the demo that is too long to read.
 * @param length messages, at least 1
 */
export function longConversation(length: number): Conversation {
  const pick = <Item>(from: readonly Item[], n: number): Item[] => from.slice(n % from.length).slice(0, 1);
  const lines: Conversation["lines"] = [];
  for (let build = 4100; lines.length < length; build += 1) {
    // Unrelated strides, so that the same words do not meet again soon.
    const [service = "web"] = pick(services, build * 7);
    const [author = "Mira"] = pick(people, build * 5 + (build >> 3));
    const failed = build % 23 === 0;
    lines.push({
      author: "Ferry",
      body: `${service} ${build} is on its way, ${1 + ((build * 13) % 19)} changes.`,
    });
    for (const body of pick(watching, build * 3 + (build >> 2))) lines.push({ author, body });
    if (failed) for (const body of pick(back, build)) lines.push({ author, body });
    const took = `${1 + (build % 4)} min ${(build * 37) % 60} s`;
    lines.push({
      author: "Ferry",
      body: failed
        ? `${service} ${build - 1} is live again after ${took}.`
        : `${service} ${build} is live after ${took}.`,
    });
    if (!failed && build % 2 === 0) for (const body of pick(fine, build >> 1)) lines.push({ author, body });
  }
  return { title: "#deploys: what went out, and when", lines: lines.slice(0, length) };
}
