/** `if_version` of an input in the words of core: any version if there is none. */
export const versionsOf = (version: number | undefined) => (version === undefined ? undefined : [version]);
