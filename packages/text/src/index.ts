export { foldText } from "./fold-text.ts";
export { instantRule, parseInstant } from "./parse-instant.ts";
export { textFault } from "./text-fault.ts";
export { foldTitle, type PartTerms, partTerms } from "./title-terms.ts";
