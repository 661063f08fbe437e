import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";

/** A missing webhook and one of another tenant are the same answer. */
export function webhookNotFound(): LetheError {
  return new LetheError("NOT_FOUND", "webhook_not_found", "Webhook not found");
}

/** A missing delivery, one of another webhook and one that was pruned are the same answer. */
export function deliveryNotFound(): LetheError {
  return new LetheError(
    "NOT_FOUND",
    "delivery_not_found",
    "Delivery not found. Deliveries are kept for 30 days",
  );
}

/** The tenant has as many as it may have. */
export function webhookLimit(): LetheError {
  return new LetheError(
    "CONFLICT",
    "webhook_limit",
    `Your tenant has ${limits.webhooks} webhooks, which is the most. Delete one that is not needed`,
  );
}

/** Nothing is sent to it. */
export function webhookDisabled(): LetheError {
  return new LetheError("CONFLICT", "webhook_disabled", "The webhook is disabled. Enable it, then try again");
}
