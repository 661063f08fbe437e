import { addGauge, type Metrics } from "@lethe/api";
import { type Database, readPoolUse } from "@lethe/db";
import { version } from "./version.ts";

type Measured = {
  /** The pools of this process. */
  pools: Database[];
  /** Whether Redis can be reached; null: there is none. */
  isRedisUp: (() => boolean) | null;
};

/** Shows what only a process knows of itself: its build, its pools, and whether it reaches Redis. */
export function measureProcess(metrics: Metrics, { pools, isRedisUp }: Measured): void {
  addGauge(metrics, {
    name: "build_info",
    help: "1; its labels say what runs",
    labels: ["version", "node"],
    aggregator: "max",
    read: () => [{ labels: { version, node: process.versions.node }, value: 1 }],
  });
  const sum = (key: "inUse" | "idle" | "most" | "waiting") =>
    pools.reduce((total, db) => total + readPoolUse(db)[key], 0);
  addGauge(metrics, {
    name: "database_connections",
    help: "Connections to PostgreSQL for queries, by state: in_use or idle",
    labels: ["state"],
    read: () => [
      { labels: { state: "in_use" }, value: sum("inUse") },
      { labels: { state: "idle" }, value: sum("idle") },
    ],
  });
  addGauge(metrics, {
    name: "database_connections_limit",
    help: "Connections to PostgreSQL for queries that there may be",
    read: () => [{ value: sum("most") }],
  });
  addGauge(metrics, {
    name: "database_connections_waiting",
    help: "Queries that wait for a connection to PostgreSQL, because all are in use",
    read: () => [{ value: sum("waiting") }],
  });
  if (isRedisUp)
    addGauge(metrics, {
      name: "redis_up",
      help: "1: Redis can be reached; 0: each server counts calls for itself",
      aggregator: "min",
      read: () => [{ value: isRedisUp() ? 1 : 0 }],
    });
}
