export { EnvironmentError, type Problem } from "./collect-values.ts";
export {
  describeEnvironment,
  type Setting,
  type UnusedVariable,
  unusedVariables,
} from "./describe-environment.ts";
export { type Environment, projectRoot, readEnvironment } from "./read-environment.ts";
export { isLoopback } from "./variables.ts";
