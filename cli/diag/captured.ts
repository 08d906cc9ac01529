/** The one door from the command line into the agent: captured machines are judged by the code that judges live ones. */

export {
  machinesOf,
  openCaptured,
  openCatalogue,
  openScan,
  openSignatures,
} from '../../agent/diagnostics/captured.ts';
