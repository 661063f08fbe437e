import { createHash } from "node:crypto";

/** Coprime to every number of chats that is seeded, so that the strides below meet each of them once. */
const stride = 7_919;

/**
 * The id of the n-th chat of a set: the same in SQL, in JavaScript and in pgbench, so that no system has
 * to read ids back and all of them delete the same chats in the same order. A valid UUID of version 4.
 */
export function chatId(label: string, n: number): string {
  const hex = createHash("md5").update(`${label}${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** `chatId` as an SQL expression; `n` is an expression too. */
export function chatIdSql(label: string, n: string): string {
  return `overlay(overlay(md5('${label}' || (${n})::text) placing '4' from 13) placing '8' from 17)::uuid`;
}

/** The order of deleting: neighbours in time are no neighbours on disk. */
export function deletionOrder(label: string, total: number): string[] {
  return Array.from({ length: total }, (_, n) => chatId(label, (n * stride) % total));
}

/** The n-th place in that order as an expression of pgbench. */
export function orderExpression(n: string, total: number): string {
  return `(${n} * ${stride}) % ${total}`;
}

/** The next number of chats from `wanted` on whose order meets all of them. */
export function seedableTotal(wanted: number): number {
  const total = Math.max(1, Math.ceil(wanted));
  return total % stride === 0 ? total + 1 : total;
}
