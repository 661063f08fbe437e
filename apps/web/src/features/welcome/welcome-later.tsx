"use client";

import { later } from "@/lib/later.ts";

/** The invitation beside the list, loaded after it: a page names the code of all that could stand in it. */
export const WelcomeLater = later(() => import("./welcome.tsx").then((module) => module.Welcome));
