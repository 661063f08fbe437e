import { randomUUID } from "node:crypto";
import { everyday } from "./conversations/everyday.ts";
import { support } from "./conversations/support.ts";
import { team } from "./conversations/team.ts";

/** The chats that the documentation deletes: the first its pages, the second the README. */
const welcome = `
# Delete me: I was made to be forgotten
Lethe: Welcome! This chat exists to be deleted. Nothing of it is worth keeping, so take your time and then press Delete.
You: What happens when I do?
Lethe: It closes at once, for every tab and every program. The messages are erased, and what stays is one line in a ledger: which chat, when, by whom, how many messages. No content.
You: Can I get it back?
Lethe: No. That is the point. Not through the dashboard, not through the API, not by asking nicely.
You: And if somebody is reading it at that moment?
Lethe: Then Lethe says so first. Open this chat in a second tab and delete it in the first one: you will be told that a connection is open, and you can wait or disconnect it.
You: Why the name?
Lethe: In the old stories Lethe is the river that the dead drink from to forget. Here the cup is in your hand.

# Delete me from a terminal
Lethe: One curl of the README deletes this chat, and nothing else needs it.
You: What comes back?
Lethe: When it was, how many messages there were, and a signed receipt that anybody can check without us.
You: And if I send it again?
Lethe: Then you get a 404: there is nothing left to delete.
`;

/** The chat that the documentation deletes. */
export const demoChatId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

/** The chat that the README deletes, so that the other pages still have theirs. */
export const readmeChatId = "f0e1d2c3-b4a5-4687-9786-a5b4c3d2e1f0";

/** A chat with its messages, ready to be written. */
export type DemoChat = {
  id: string;
  title: string;
  messages: { author: string; body: string; at: Date }[];
};

const second = 1_000;
const minute = 60 * second;
const longLength = 2_400;
/** The long chat stands among the first of the list, but not in the way. */
const longPlace = 4;

/**
 * The chats of the demo, newest first: those to delete, then the others with their last words spread
 * over the three weeks before `now`.
 */
export function demoChats(now: Date): DemoChat[] {
  const invitingIds = [demoChatId, readmeChatId];
  const inviting = parseConversations(welcome).map((conversation, index) =>
    dated(invitingIds[index] ?? randomUUID(), conversation, now.getTime() - minute * (index + 1)),
  );
  const others = mix([support, team, everyday].map(parseConversations))
    .toSpliced(longPlace, 0, longConversation(longLength))
    .map((conversation, index) =>
      dated(randomUUID(), conversation, now.getTime() - 20 * minute * (index + 1) ** 2),
    );
  return [...inviting, ...others];
}

/** One of each theme in turn, so that the list does not look sorted. */
function mix(themes: Conversation[][]): Conversation[] {
  const longest = Math.max(...themes.map((theme) => theme.length));
  return Array.from({ length: longest }, (_, index) =>
    themes.flatMap((theme) => theme.slice(index, index + 1)),
  ).flat();
}

/** People answer within minutes; what has thousands of messages has gone on for weeks. */
function dated(id: string, { title, lines }: Conversation, end: number): DemoChat {
  const pace = lines.length > 100 ? 10 : 1;
  let at = end;
  const backwards = lines.toReversed().map((line, index) => {
    const message = { ...line, at: new Date(at) };
    at -= (20 + ((index * 97 + line.body.length * 31) % 160)) * second * pace;
    return message;
  });
  return { id, title, messages: backwards.toReversed() };
}

/** A chat as it was written down, without ids and times. */
type Conversation = { title: string; lines: { author: string; body: string }[] };

/**
 * Reads a script: `# Title` begins a chat, `Author: text` a message, and a line without an author goes on
 * with the message before it.
 */
function parseConversations(script: string): Conversation[] {
  const conversations: Conversation[] = [];
  for (const line of script.split("\n")) {
    const conversation = conversations.at(-1);
    const spoken = /^([\p{L}][\p{L} ()]*): (.+)$/u.exec(line);
    const last = conversation?.lines.at(-1);
    if (line.startsWith("# ")) conversations.push({ title: line.slice(2), lines: [] });
    else if (conversation && spoken?.[1] && spoken[2]) {
      conversation.lines.push({ author: spoken[1], body: spoken[2] });
    } else if (last && line !== "") last.body += `\n${line}`;
  }
  return conversations;
}

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
function longConversation(length: number): Conversation {
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
