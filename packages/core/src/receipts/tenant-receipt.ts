import { sign } from "node:crypto";
import { receiptIssuer, type TenantReceipt, tenantReceiptType } from "@lethe/receipts";
import type { SigningKey } from "./signing-keys.ts";

/** What is known of a tenant that has left. */
export type TenantFacts = {
  tenantId: string;
  startedAt: Date;
  leftAt: Date;
  chats: number;
  messages: number;
  ledgerDigest: string;
  actorKind: string;
  via: string;
};

/** The receipt of a tenant that has left, as a compact JWS (RFC 7515, RFC 8037). It is signed once, and kept. */
export function signTenantReceipt({ kid, privateKey }: SigningKey, facts: TenantFacts): string {
  const receipt: TenantReceipt = {
    iss: receiptIssuer,
    version: 1,
    tenant_id: facts.tenantId,
    started_at: facts.startedAt.toISOString(),
    left_at: facts.leftAt.toISOString(),
    chat_count: facts.chats,
    message_count: facts.messages,
    ledger_digest: facts.ledgerDigest,
    actor_kind: facts.actorKind,
    via: facts.via,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "EdDSA", typ: tenantReceiptType, kid })}.${part(receipt)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}
