import type { inferRouterError } from "@trpc/server";
import { expectTypeOf, it } from "vitest";
import type { Deletion, ExportFrame, FieldFault, ListedChat, Settings } from "../schemas/index.ts";
import type { AppRouter, RouterInputs, RouterOutputs } from "./index.ts";

it("gives tRPC's clients the types of inputs, outputs and errors", () => {
  expectTypeOf<RouterInputs["chat"]["delete"]>().toEqualTypeOf<{
    chat_id: string;
    force?: boolean | undefined;
    if_version?: number | undefined;
  }>();
  expectTypeOf<RouterInputs["chat"]["list"]>().toEqualTypeOf<{
    limit?: number | undefined;
    cursor?: string | null | undefined;
    direction?: "forward" | undefined;
    q?: string | undefined;
    state?: "active" | "trashed" | undefined;
    created_before?: string | undefined;
    created_after?: string | undefined;
    updated_before?: string | undefined;
    updated_after?: string | undefined;
    min_messages?: number | undefined;
    max_messages?: number | undefined;
    held?: boolean | undefined;
    live?: boolean | undefined;
    created_by?: string | undefined;
    trashed_by?: string | undefined;
    sort?: "updated" | "created" | "trashed" | undefined;
    order?: "newest_first" | "oldest_first" | undefined;
  }>();
  expectTypeOf<undefined>().toExtend<RouterInputs["settings"]["get"]>();
  expectTypeOf<RouterOutputs["chat"]["delete"]>().toEqualTypeOf<Deletion>();
  expectTypeOf<RouterOutputs["chat"]["list"]>().toEqualTypeOf<{
    data: ListedChat[];
    next_cursor: string | null;
  }>();
  expectTypeOf<RouterOutputs["settings"]["update"]>().toEqualTypeOf<Settings>();
  expectTypeOf<RouterOutputs["chat"]["export"]>().toExtend<AsyncIterable<ExportFrame>>();
  expectTypeOf<inferRouterError<AppRouter>["data"]["errors"]>().toEqualTypeOf<FieldFault[] | undefined>();
  type Procedures = AppRouter["_def"]["record"];
  expectTypeOf<Procedures["chat"]["list"]["_def"]["type"]>().toEqualTypeOf<"query">();
  expectTypeOf<Procedures["chat"]["delete"]["_def"]["type"]>().toEqualTypeOf<"mutation">();
  expectTypeOf<Procedures["events"]["subscribe"]["_def"]["type"]>().toEqualTypeOf<"subscription">();
});
