"use client";

import { later } from "@/lib/later.ts";

/*
 * What stands beside the list while no chat is open, loaded after the list: a page names the code of all that could stand in
 * it.
 */

const onlyWithTheRest = () => false;

/** The invitation of the demo. */
export const WelcomeLater = later(
  () => import("./welcome.tsx").then((module) => module.Welcome),
  onlyWithTheRest,
);

/** What comes next in a new tenant. */
export const FirstStepsLater = later(
  () => import("./first-steps.tsx").then((module) => module.FirstSteps),
  onlyWithTheRest,
);
