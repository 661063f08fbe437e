import fc from "fast-check";

/** Chats that one sequence has to do with: few, so that actions meet. */
export const slots = 4;

const slot = fc.nat({ max: slots - 1 });
const some = fc.uniqueArray(slot, { minLength: 1, maxLength: slots });
/** Not by force more often, because force hides refusals. */
const force = fc.oneof(
  { weight: 3, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
const server = fc.constantFrom<[0, 1]>(0, 1);
const format = fc.constantFrom<["json", "ndjson", "markdown", "html"]>("json", "ndjson", "markdown", "html");
/** What If-Match names: nothing, the version of the last export, or the one of now. */
const match = fc.constantFrom<["none", "exported", "current"]>("none", "exported", "current");

const on = <Kind extends string>(weight: number, kind: Kind) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), server, slot }),
});

/** Something that a caller does through one of two servers. What ends a chat comes less often than what it ends. */
export const anyAction = fc.oneof(
  on(1, "create"),
  on(6, "write"),
  on(2, "rename"),
  on(5, "connect"),
  on(2, "disconnect"),
  on(3, "trash"),
  on(3, "restore"),
  on(2, "hold"),
  on(2, "release"),
  on(1, "purge"),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("export"), server, slot, format }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("delete"), server, slot, force, match }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulkDelete"), server, slots: some, force }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulkTrash"), server, slots: some }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulkRestore"), server, slots: some }) },
);

type Generated<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
export type Action = Generated<typeof anyAction>;

/** With these every sequence begins: each slot has its chat. */
export const beginning: Action[] = Array.from({ length: slots }, (_, slot) => ({
  kind: "create",
  server: slot % 2 === 0 ? 0 : 1,
  slot,
}));
