import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { FailureReason } from "./failure.ts";

/** Every code that an answer may have; the compiler knows when one is missing here. */
const codes = {
  active_connections: true,
  already_member: true,
  api_key_not_found: true,
  api_key_required: true,
  departure_not_found: true,
  beyond_own_rights: true,
  chat_busy: true,
  chat_id_used: true,
  chat_not_found: true,
  chat_trashed: true,
  deletion_job_not_found: true,
  deletion_not_found: true,
  delivery_not_found: true,
  expectation_failed: true,
  headers_too_large: true,
  idempotency_key_in_use: true,
  idempotency_key_reused: true,
  internal_error: true,
  invalid_credentials: true,
  invalid_request: true,
  invitation_not_found: true,
  key_sign_in_off: true,
  last_owner: true,
  member_not_found: true,
  method_not_allowed: true,
  missing_credentials: true,
  missing_scope: true,
  not_found: true,
  not_undoable: true,
  on_hold: true,
  origin_refused: true,
  other_person: true,
  outside_token: true,
  password_reset_not_found: true,
  payload_too_large: true,
  person_exists: true,
  precondition_failed: true,
  rate_limited: true,
  request_timeout: true,
  too_many_chats: true,
  too_many_exports: true,
  too_many_jobs: true,
  too_many_keys: true,
  too_many_people: true,
  too_many_searches: true,
  too_many_sockets: true,
  too_many_streams: true,
  too_many_wrong_keys: true,
  unavailable: true,
  unsupported_media_type: true,
  version_mismatch: true,
  weak_password: true,
  webhook_disabled: true,
  webhook_limit: true,
  webhook_not_found: true,
} satisfies Record<FailureReason, true>;

test("docs/errors.md has every code, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| [\d, ]+ \| (.*?) \|/gm)].map(([, cell = ""]) => cell);
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code = ""]) => code));
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(codes).toSorted());
});
