// Never run. It compiles while what is published is what the server takes, answers and fails with, operation for operation.
import type * as Server from "@lethe/api";
import type * as Schemas from "@lethe/api/schemas";
import type { inferRouterError } from "@trpc/server";
import type * as Published from "../src/generated/wire.ts";

type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : [One, "is not", Other];
type EachEqual<One, Other> = {
  [Key in keyof One | keyof Other]: Key extends keyof One & keyof Other
    ? Equal<One[Key], Other[Key]>
    : "in one only";
};
type Compared<One, Other> = {
  [Group in keyof One | keyof Other]: Group extends keyof One & keyof Other
    ? EachEqual<One[Group], Other[Group]>
    : { group: "in one only" };
};
/** What is not true is named by the compiler. */
type AllTrue<Comparison> = { [Group in keyof Comparison]: { [Key in keyof Comparison[Group]]: true } };
declare function hold<Comparison extends AllTrue<Comparison>>(): Comparison;

hold<Compared<Published.RouterInputs, Server.RouterInputs>>();
hold<Compared<Published.RouterOutputs, Server.RouterOutputs>>();
hold<{
  error: {
    data: Equal<
      inferRouterError<Published.AppRouter>["data"]["errors"],
      inferRouterError<Server.AppRouter>["data"]["errors"]
    >;
  };
  schemas: {
    Chat: Equal<Published.Chat, Schemas.Chat>;
    ServerFrame: Equal<Published.ServerFrame, Schemas.ServerFrame>;
    ClientFrame: Equal<Published.ClientFrame, Schemas.ClientFrame>;
    TenantEvent: Equal<Published.TenantEvent, Schemas.TenantEvent>;
  };
  kinds: EachEqual<Kinds<Published.AppRouter>, Kinds<Server.AppRouter>>;
}>();

type Kinds<Router extends { _def: { record: object } }> = {
  [Group in keyof Router["_def"]["record"]]: {
    [Name in keyof Router["_def"]["record"][Group]]: Router["_def"]["record"][Group][Name] extends {
      _def: { type: infer Type };
    }
      ? Type
      : never;
  };
};
