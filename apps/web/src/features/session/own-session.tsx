"use client";

import { createContext, useContext } from "react";

const OwnSessionContext = createContext("");

/** Says below it who is signed in: the session's id. */
export const OwnSession = OwnSessionContext;

/** The id of the session that this page belongs to. */
export function useOwnSession(): string {
  return useContext(OwnSessionContext);
}
