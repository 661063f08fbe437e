/** Chats from which on the question is answered by typing their number. */
export const typedFrom = 101;

/** Whether the number was typed, with or without what separates thousands. */
export function isTyped(typed: string, count: number): boolean {
  return typed.replaceAll(/[\s.,'’]/g, "") === String(count);
}
