/**
 * The interface that a command line of ethtool is about, by its place: behind the options, whatever it is called. Linux lets an interface
 * have any name of up to 15 characters without a slash or white space ("lan", "storage", "eth1-04"; dev_valid_name() of the kernel).
 */

/** A name that people give; what only programs would choose is none. */
const NAME = /^[a-z\d][\w.:@-]{0,14}$/i;
/** What stands there where a name does not: words of a heading, and the manual's word for any. */
const NO_NAME =
  /^(?:output|statistics|stats|counters|for|of|on|from|the|is|and|shows?|before|after|again|iface|ifname|interface|dev|devname|device|x+|\d+)$/i;
/** Options in front of it, and the number behind `--debug`. */
const IN_COMMAND = /^ethtool((?:\s+-{1,2}[a-z][\w-]*(?:\s+\d{1,10}(?=\s))?)+)\s+(\S+)/i;
/**
 * The same in a file's name, where the dash may be left out and each blank is another mark: "web1_ethtool_-S_eth0". A few options are all
 * that people write; more would let a name that somebody made up be read in more ways than can be tried.
 */
const IN_FILE =
  /(?:^|[^a-z\d])ethtool(?:[ _-]+(?:[a-z](?![a-z\d])|(?:show|module|phy|include)-[a-z-]+|statistics|driver)){1,4}[ _-]+(\S+)$/i;
/** A date behind it. */
const DATE = /[ _.-]20\d\d[_.-]?\d\d[_.-]?\d\d(?:[ _.-]\d{2,6}){0,3}$/i;

function plausible(word: string): string | undefined {
  const name = word.replace(/^["'`]|["'`:,]+$/g, '');
  return NAME.test(name) && !NO_NAME.test(name) ? name : undefined;
}

/** The interface in a command line with an option: "ethtool -S lan-a". Undefined where it cannot be told. */
export function deviceOfCommand(command: string): string | undefined {
  const found = IN_COMMAND.exec(command)?.[2];
  return found === undefined ? undefined : plausible(found);
}

/** The interface in a file's name without its ending: "ethtool_-S_eth1-04". Undefined where it cannot be told. */
export function deviceOfFile(name: string): string | undefined {
  const found = IN_FILE.exec(name.replace(DATE, ''))?.[1];
  return found === undefined ? undefined : plausible(found);
}
