import type {
  TRPC_ERROR_CODE_NUMBER,
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCRouterRecord,
  TRPCSubscriptionProcedure,
} from "@trpc/server";

/** What every failure is, under tRPC's own members. */
type ErrorShape = {
  code: TRPC_ERROR_CODE_NUMBER;
  message: string;
  data: {
    code: string;
    httpStatus: number;
    /** The failure in one word, for programs. */
    reason: string;
    request_id: string;
    /** The fields that were refused. */
    errors?: { field: string; message: string }[];
    active_connections?: number;
    /** Seconds after which to try again. */
    retry_after?: number;
    /** The version that the chat has now. */
    version?: number;
    /** The scope that the key lacks. */
    scope?: string;
  };
};

type Of<Input, Output> = { input: Input; output: Output; meta: object; errorShape: ErrorShape };

/** A router of which nothing is known but what it takes and answers. */
export type Router<Procedures extends TRPCRouterRecord> = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  Procedures
>;
export type Query<Input, Output> = TRPCQueryProcedure<Of<Input, Output>>;
export type Mutation<Input, Output> = TRPCMutationProcedure<Of<Input, Output>>;
export type Subscription<Input, Output> = TRPCSubscriptionProcedure<Of<Input, Output>>;

/** An answer in parts. */
export type Frames<Frame> = AsyncGenerator<Frame, void, undefined>;
/** Events, each under the cursor that resumes after it. */
export type Events<Event> = AsyncIterable<{ id: string; data: Event }, void, unknown>;
