/** For which calls the proxy of a workload observes something. */
export enum TelemetryMode {
  /** For those that the workload makes and those that it gets. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
  /** For those that the workload makes. */
  CLIENT = 'CLIENT',
  /** For those that the workload gets. */
  SERVER = 'SERVER',
}
