/**
 * The bounds that a server keeps, with where each comes from. They are chosen so that an agent of 60 MB goes on serving its
 * operators while somebody floods its port.
 */

/** The bounds of one server. Times are in milliseconds. */
export interface ServeLimits {
  /** Open connections in all. */
  connections: number;
  /** Open connections from one address. */
  connectionsPerAddress: number;
  /** How long a TLS handshake may take. */
  handshakeMs: number;
  /** How long a connection without an open call is kept. */
  idleMs: number;
  /** Streams on one connection (SETTINGS_MAX_CONCURRENT_STREAMS). */
  streamsPerConnection: number;
  /** Open calls of one caller, over all its connections. */
  callsPerCaller: number;
  /** Open calls in all. */
  calls: number;
  /** The longest request message in bytes. */
  requestBytes: number;
  /** How long a request may take to arrive. */
  requestMs: number;
  /** The time limit of a unary call whose caller set none. */
  unaryMs: number;
}

/** The bounds where nothing else is said. */
export const DEFAULT_LIMITS: Readonly<ServeLimits> = {
  connections: 512,
  // A workstation runs many commands at once, each with a connection; a runaway script runs hundreds.
  connectionsPerAddress: 128,
  // A handshake is two round trips and 2 ms of work; ten seconds is a very bad link.
  handshakeMs: 10_000,
  idleMs: 5 * 60_000,
  // With the defaults of Node, 5,000 open streams starved a legitimate caller; with 50 they did not.
  streamsPerConnection: 50,
  callsPerCaller: 100,
  calls: 500,
  // gRPC's own default.
  requestBytes: 4 * 1024 * 1024,
  requestMs: 30_000,
  unaryMs: 60_000,
};

/**
 * The flow-control window of a stream and of a connection. With the default of 64 KiB a link idles between window updates:
 * uploads run at half the speed.
 */
export const WINDOW_BYTES = 4 * 1024 * 1024;

/** How much of an answer may wait in memory for a slow reader before the handler is made to wait. */
export const SEND_BUFFER_BYTES = 512 * 1024;

/** Node's bound on the memory of one HTTP/2 session, in megabytes. Further streams are refused above it. */
export const SESSION_MEMORY_MB = 16;

/** The longest time that a timer of the runtime can wait, in milliseconds; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
