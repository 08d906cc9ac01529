/** What a switch told of itself over LLDP (or one of the protocols before it), whoever listened. */

/** A VLAN that the switch carries on the port. */
export interface NeighbourVlan {
  readonly id: number;
  readonly name?: string;
  /** Whether untagged packets are put into it. */
  readonly untagged: boolean;
}

/** A neighbour on one interface. What it did not tell is left out. */
export interface Neighbour {
  /** The interface of this machine. */
  readonly interface: string;
  /** "LLDP", "CDPv2" … */
  readonly protocol?: string;
  readonly chassisId?: string;
  readonly system?: string;
  /** Model and firmware, in the words of its maker. */
  readonly description?: string;
  readonly managementAddresses: readonly string[];
  /** "Bridge", "Router", "Station": those that are on. */
  readonly capabilities: readonly string[];
  readonly port?: string;
  readonly portDescription?: string;
  readonly vlans: readonly NeighbourVlan[];
  /** The longest frame that it takes, in bytes with header and checksum. */
  readonly maxFrame?: number;
  /** How the link runs, as it sees it: "1000BaseTFD - Four-pair Category 5 UTP, full duplex mode". */
  readonly medium?: string;
  readonly autonegotiation?: boolean;
}

/** A neighbour that is being read. */
export type NeighbourDraft = { -readonly [K in keyof Neighbour]: Neighbour[K] } & {
  managementAddresses: string[];
  capabilities: string[];
  vlans: NeighbourVlan[];
};

/** Bounds of what a neighbour may say: its words come from the network. */
const MAX_TEXT = 500;
const MAX_LIST = 4_096;

/** A neighbour of whom nothing is known yet. */
export function newNeighbour(name: string): NeighbourDraft {
  return { interface: name, managementAddresses: [], capabilities: [], vlans: [] };
}

/** A text of the network's on one line, without control characters; undefined where nothing is left. */
export function cleaned(text: string | undefined): string | undefined {
  const clean = text
    ?.slice(0, 4 * MAX_TEXT)
    .replaceAll(/[\x00-\x1f\x7f-\x9f\s]+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return clean === '' ? undefined : clean;
}

/** Puts a text where there is one. */
export function put<
  K extends 'protocol' | 'chassisId' | 'system' | 'description' | 'port' | 'portDescription' | 'medium',
>(one: NeighbourDraft, key: K, text: string | undefined): void {
  const clean = cleaned(text);
  if (clean !== undefined && one[key] === undefined) one[key] = clean;
}

/** Adds to a list, within bounds. */
export function add<T>(list: T[], value: T | undefined): void {
  if (value !== undefined && list.length < MAX_LIST) list.push(value);
}

/** A VLAN's number, or undefined. */
export function vlanId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,4}$/.test(text) && Number(text) < 4_096 ? Number(text) : undefined;
}

/** What the neighbour is called: its name, else its chassis. */
export function neighbourName({ system, chassisId }: Neighbour): string | undefined {
  return system ?? chassisId;
}

/** Of several neighbours on an interface, the switch: bridges first, and LLDP before older protocols. */
export function switchOf(neighbours: readonly Neighbour[], name: string): Neighbour | undefined {
  const score = ({ capabilities, protocol = '' }: Neighbour) =>
    (capabilities.includes('Bridge') ? 2 : 0) + (/^lldp/i.test(protocol) ? 1 : 0);
  return neighbours
    .filter((one) => one.interface === name)
    .reduce<Neighbour | undefined>(
      (best, one) => (best && score(best) >= score(one) ? best : one),
      undefined,
    );
}
