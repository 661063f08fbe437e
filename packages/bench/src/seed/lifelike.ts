/** A set of chats to seed: `label` makes their ids, each has `messages` messages; `title` names the n-th. */
export type ChatSet = { label: string; chats: number; messages: number; title?: (n: number) => string };

/** The body of a message, some 130 characters, as an SQL expression. */
export const body = (seq: string): string =>
  `'Message ' || (${seq})::text || repeat(' and what it has to say about the matter', 3)`;

/** When the n-th chat was made, as an SQL expression: one a minute, back from now. */
export const createdAt = (n: string): string => `now() - (${n}) * interval '1 minute'`;
