export * as arbitrary from "./arbitrary-requests.ts";
export type { Caller, Entrance, Outcome } from "./caller.ts";
export { type ContractPage, contractCases, openContractPage } from "./contract-cases.ts";
export { describeParity, parityCases } from "./describe-parity.ts";
export { type RawAnswer, type RawRequest, rawRequest } from "./raw-request.ts";
export { restEntrance } from "./rest-caller.ts";
export { startTestApi, type TestApi } from "./start-test-api.ts";
export { trpcEntrance } from "./trpc-caller.ts";
export { createWorld, type World, writeChat } from "./world.ts";
