export { foldText } from "./fold-text.ts";
export { messageTerms, wantedTerms } from "./message-terms.ts";
export { instantRule, parseInstant } from "./parse-instant.ts";
export { textFault } from "./text-fault.ts";
export { foldTitle, type PartTerms, partTerms } from "./title-terms.ts";
export { findWanted, type Place, type Wanted, wantedIn } from "./words.ts";
