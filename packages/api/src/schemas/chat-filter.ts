import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { instant, searchText, wholeNumber } from "./text.ts";

const countOf = (field: string) => wholeNumber(field, { min: 0 });

const criteria =
  "q, state, created_before, created_after, updated_before, updated_after, min_messages, max_messages";
const emptyRule =
  "filter must narrow down what is deleted: give q, state trashed, a time, or a count of messages";

/** Which chats are meant: those that meet every criterion. One that means all chats is refused. */
export const chatFilterSchema = strictInput(
  {
    q: searchText(1).optional(),
    state: z.enum(["active", "trashed", "any"], "state must be active, trashed or any").optional(),
    created_before: instant("created_before").optional(),
    created_after: instant("created_after").optional(),
    updated_before: instant("updated_before").optional(),
    updated_after: instant("updated_after").optional(),
    min_messages: countOf("min_messages").optional(),
    max_messages: countOf("max_messages").optional(),
  },
  `filter must be an object with some of ${criteria}`,
)
  .refine(
    ({ state, min_messages, ...others }) =>
      state === "trashed" ||
      (min_messages ?? 0) > 0 ||
      Object.values(others).some((criterion) => criterion !== undefined),
    emptyRule,
  )
  .transform((filter) => ({
    state: filter.state ?? ("active" as const),
    q: filter.q,
    createdBefore: filter.created_before,
    createdAfter: filter.created_after,
    updatedBefore: filter.updated_before,
    updatedAfter: filter.updated_after,
    minMessages: filter.min_messages,
    maxMessages: filter.max_messages,
  }))
  .meta({ id: "ChatFilter" });
