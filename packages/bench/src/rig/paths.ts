import { fileURLToPath } from "node:url";

/** The folder of this package, and that of the whole project; absolute. */
export const packageFolder: string = fileURLToPath(new URL("../../", import.meta.url));
export const repository: string = fileURLToPath(new URL("../../../../", import.meta.url));
