import { randomUUID } from "node:crypto";
import { everyday } from "./conversations/everyday.ts";
import { support } from "./conversations/support.ts";
import { team } from "./conversations/team.ts";
import { welcome } from "./conversations/welcome.ts";
import { longConversation } from "./long-conversation.ts";
import { type Conversation, parseConversations } from "./parse-conversations.ts";

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
