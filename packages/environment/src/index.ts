export {
  describeEnvironment,
  type Setting,
  type UnusedVariable,
  unusedVariables,
} from "./describe-environment.ts";
export { EnvironmentError, type Problem } from "./environment-error.ts";
export { isLoopback } from "./is-loopback.ts";
export { type Environment, projectRoot, readEnvironment } from "./read-environment.ts";
