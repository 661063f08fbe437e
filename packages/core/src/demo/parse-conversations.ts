/** A chat as it was written down, without ids and times. */
export type Conversation = { title: string; lines: { author: string; body: string }[] };

/**
 * Reads a script: `# Title` begins a chat, `Author: text` a message, and a line without an author goes on
 * with the message before it.
 */
export function parseConversations(script: string): Conversation[] {
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
