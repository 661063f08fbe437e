import { limits } from "@lethe/core/limits";
import { z } from "zod";
import type { FieldFault } from "./problem.ts";
import { strictInput } from "./strict-input.ts";
import { instant, searchText, text, wholeNumber } from "./text.ts";

const countOf = (field: string) => wholeNumber(field, { min: 0 }).optional();
const truthOf = (field: string) => z.boolean(`${field} must be true or false`).optional();
const actorOf = (field: string) => text(field, { min: 1, max: limits.actorIdLength, trim: false }).optional();

/** What chats are asked for by, besides a search: the list of chats and deletion jobs take the same. */
export const chatCriteria = {
  created_before: instant("created_before").optional(),
  created_after: instant("created_after").optional(),
  updated_before: instant("updated_before").optional(),
  updated_after: instant("updated_after").optional(),
  min_messages: countOf("min_messages"),
  max_messages: countOf("max_messages"),
  held: truthOf("held").meta({ description: "On hold, or not." }),
  live: truthOf("live").meta({ description: "Open somewhere now, or nowhere." }),
  created_by: actorOf("created_by").meta({
    description: "The `id` of who created it, as `created_by` has it.",
  }),
  trashed_by: actorOf("trashed_by").meta({
    description: "The `id` of who put it into the trash, as `trashed_by` has it.",
  }),
};
type Criteria = z.output<z.ZodObject<typeof chatCriteria>>;

/** The same in the words of core. */
export const criteriaOf = (criteria: Criteria) => ({
  createdBefore: criteria.created_before,
  createdAfter: criteria.created_after,
  updatedBefore: criteria.updated_before,
  updatedAfter: criteria.updated_after,
  minMessages: criteria.min_messages,
  maxMessages: criteria.max_messages,
  held: criteria.held,
  live: criteria.live,
  createdBy: criteria.created_by,
  trashedBy: criteria.trashed_by,
});

/** What in the criteria excludes each other, so that no chat could meet them. */
export function contradictionsIn(criteria: Criteria, state: "active" | "trashed" | "any"): FieldFault[] {
  const { created_after, created_before, updated_after, updated_before } = criteria;
  const { min_messages, max_messages, trashed_by } = criteria;
  const faults: FieldFault[] = [];
  const times = [
    ["created", created_after, created_before],
    ["updated", updated_after, updated_before],
  ] as const;
  for (const [what, after, before] of times)
    if (after && before && after >= before)
      faults.push({
        field: `${what}_after`,
        message: `${what}_after must be before ${what}_before: no chat is of a time between the two`,
      });
  if (min_messages !== undefined && max_messages !== undefined && min_messages > max_messages)
    faults.push({
      field: "min_messages",
      message: "min_messages must not be more than max_messages: no chat has so many and so few",
    });
  if (trashed_by !== undefined && state === "active")
    faults.push({
      field: "trashed_by",
      message: "trashed_by is for chats in the trash: send state=trashed with it, or leave it out",
    });
  return faults;
}

const states = ["active", "trashed", "any"] as const;
const stateRule = "state must be active, trashed or any";
type State = (typeof states)[number];

function addContradictions(criteria: Criteria, state: State, context: z.RefinementCtx): void {
  for (const { field, message } of contradictionsIn(criteria, state))
    context.addIssue({ code: "custom", path: [field], message });
}

const emptyRule =
  "filter must narrow down what is deleted: give q, state trashed, a time, a count of messages, live, or by whom";
const heldRule = "held must be false, or left out: a chat on hold is never deleted";

/** Which chats a deletion job means: those that meet every criterion. One that means all chats is refused. */
export const chatFilterSchema = strictInput(
  {
    q: searchText(1).optional(),
    state: z.enum(states, stateRule).optional(),
    ...chatCriteria,
    held: z
      .literal(false, heldRule)
      .optional()
      .meta({ description: "Chats on hold are left in any case; with false they are not even counted." }),
    exported_after: instant("exported_after")
      .optional()
      .meta({ description: "Whose `last_export` is later than this, and of their present version." }),
  },
  `filter must be an object with some of q, state, ${Object.keys(chatCriteria).join(", ")}, exported_after`,
)
  .superRefine(({ state = "active", ...filter }, context) => addContradictions(filter, state, context))
  .refine(
    ({ state, min_messages, held: _, ...others }) =>
      state === "trashed" ||
      (min_messages ?? 0) > 0 ||
      Object.values(others).some((criterion) => criterion !== undefined),
    emptyRule,
  )
  .transform(({ state = "active", q, exported_after: exportedAfter, ...criteria }) => ({
    ...{ state, q, exportedAfter },
    ...criteriaOf(criteria),
  }))
  .meta({
    id: "ChatFilter",
    // Of all criteria together, each by itself an example, some exclude each other.
    example: { q: "draft invoice", state: "active", updated_before: "2026-01-15T10:45:00Z", max_messages: 3 },
  });

const { trashed_by: _, ...activeCriteria } = chatCriteria;
const example = { q: "draft invoice", updated_before: "2026-01-15T10:45:00Z" };
const shapeOf = (names: readonly string[]) => `filter must be an object with some of ${names.join(", ")}`;

/** Which chats are moved into the trash: as for a deletion job, but that a hold stands in nobody's way. */
export const activeFilterSchema = strictInput(
  { q: searchText(1).optional(), ...activeCriteria },
  shapeOf(["q", ...Object.keys(activeCriteria)]),
)
  .superRefine((filter, context) => addContradictions(filter, "active", context))
  .refine(
    ({ min_messages, ...others }) =>
      (min_messages ?? 0) > 0 || Object.values(others).some((criterion) => criterion !== undefined),
    "filter must narrow down what is moved: give q, a time, a count of messages, held, live, or by whom",
  )
  .transform(({ q, ...criteria }) => ({ state: "active" as const, q, ...criteriaOf(criteria) }))
  .meta({ id: "ActiveChatFilter", example });

/** Which chats are taken out of the trash. Without a criterion it is everything: nothing is lost by bringing it back. */
export const trashFilterSchema = strictInput(
  { q: searchText(1).optional(), ...chatCriteria },
  shapeOf(["q", ...Object.keys(chatCriteria)]),
)
  .superRefine((filter, context) => addContradictions(filter, "trashed", context))
  .transform(({ q, ...criteria }) => ({ state: "trashed" as const, q, ...criteriaOf(criteria) }))
  .meta({ id: "TrashedChatFilter", example });

/** Which chats are exported: any that can be asked for. */
export const exportFilterSchema = strictInput(
  { q: searchText(1).optional(), state: z.enum(states, stateRule).default("active"), ...chatCriteria },
  shapeOf(["q", "state", ...Object.keys(chatCriteria)]),
)
  .superRefine((filter, context) => addContradictions(filter, filter.state, context))
  .transform(({ state, q, ...criteria }) => ({ state, q, ...criteriaOf(criteria) }))
  .meta({ id: "ExportedChatFilter", example });
