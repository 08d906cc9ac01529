/**
 * Which kernel it is: the version that a distribution's kernel really has. `uname -r` alone does not say it: Debian's has an ABI
 * number there, Ubuntu's and Red Hat's stay at x.y.0 for years while fixes are brought back into them.
 */

/** How a kernel's version relates to upstream's stable releases. */
export type KernelBasis =
  /** It is upstream's stable release `stable`, perhaps with few patches: what is known of that release is true of it. */
  | 'upstream'
  /** It follows upstream's stable releases and has patches of its own: what is known of the release is likely true of it. */
  | 'patched'
  /** Its vendor picks fixes on its own: its number says nothing about what is fixed in it. */
  | 'vendor'
  /** Nothing is known but the release's name. */
  | 'unknown';

/** A kernel. */
export interface KernelIdentity {
  /** `uname -r`. */
  readonly release: string;
  /** `uname -v`. */
  readonly build: string;
  /** "debian", "ubuntu", "rhel", "amazon" …; empty where it is nobody's that is known here. */
  readonly distribution: string;
  /** The version of the distribution's package, where the kernel tells it: "6.1.159-1", "6.8.0-60.63", "5.14.0-427.13.1.el9_4". */
  readonly package: string;
  /** The upstream stable release that it is or was last brought level with: "6.1.159". Empty where that is not known. */
  readonly stable: string;
  readonly basis: KernelBasis;
}

/** What the kernel and the system say of themselves. */
export interface KernelWords {
  readonly release: string;
  readonly build?: string;
  /** /proc/version_signature, on Ubuntu. */
  readonly signature?: string;
  /** ID of os-release. */
  readonly os?: string;
}

interface Rule {
  readonly distribution: string;
  readonly basis: KernelBasis;
  /** Matched against the release. */
  readonly release: RegExp;
}

// Ordered: the first that matches counts. Kernels whose release names nobody are judged by os-release.
const RULES: readonly Rule[] = [
  { distribution: 'elrepo', basis: 'upstream', release: /\.elrepo(?:\.|$)/ },
  { distribution: 'oracle-uek', basis: 'vendor', release: /\.el\d+uek/ },
  { distribution: 'rhel', basis: 'vendor', release: /\.el\d+/ },
  { distribution: 'fedora', basis: 'upstream', release: /\.fc\d+/ },
  { distribution: 'amazon', basis: 'patched', release: /\.amzn\d/ },
  { distribution: 'azurelinux', basis: 'patched', release: /\.(?:cm|azl)\d/ },
  { distribution: 'photon', basis: 'patched', release: /\.ph\d/ },
  { distribution: 'openeuler', basis: 'vendor', release: /\.oe\d|\.oe-/ },
  { distribution: 'openanolis', basis: 'vendor', release: /\.(?:an|al)\d/ },
  { distribution: 'tencentos', basis: 'vendor', release: /\.tl\d|tlinux/ },
  { distribution: 'proxmox', basis: 'vendor', release: /-pve$/ },
  { distribution: 'sles', basis: 'vendor', release: /-(?:lp)?15\d{4}\.|-lp15\d|^4\.12\.14-|^5\.3\.18-/ },
  { distribution: 'arch', basis: 'upstream', release: /-arch\d|-MANJARO$|-(?:zen|hardened)\d*-\d+-/ },
  { distribution: 'flatcar', basis: 'upstream', release: /-(?:flatcar|coreos)/ },
  { distribution: 'talos', basis: 'upstream', release: /-talos/ },
  { distribution: 'wsl', basis: 'patched', release: /microsoft/ },
  { distribution: 'raspberrypi', basis: 'patched', release: /rpi|-v[78]l?\+/ },
  { distribution: 'truenas', basis: 'patched', release: /truenas/ },
];

const BY_OS: ReadonlyMap<string, KernelBasis> = new Map([
  ...(['arch', 'archarm', 'manjaro', 'alpine', 'nixos', 'gentoo', 'void', 'openwrt'] as const).map(
    (os) => [os, 'upstream'] as const,
  ),
  ...(['opensuse-tumbleweed', 'opensuse-microos', 'flatcar', 'talos', 'postmarketos'] as const).map(
    (os) => [os, 'upstream'] as const,
  ),
  ...(['bottlerocket', 'cos', 'photon', 'mariner', 'azurelinux'] as const).map(
    (os) => [os, 'patched'] as const,
  ),
  ...(['sles', 'sled', 'opensuse-leap', 'rhel', 'centos', 'ol'] as const).map(
    (os) => [os, 'vendor'] as const,
  ),
]);

const DEBIAN = /\bDebian (?:\d+:)?((\d+\.\d+(?:\.\d+)?)(?:~rc\d+)?-\S+)/;

/** Recognises a kernel by what it says of itself. Never throws: a kernel of nobody's has its numbers alone. */
export function identifyKernel({
  release,
  build = '',
  signature = '',
  os = '',
}: KernelWords): KernelIdentity {
  const stable = numbersOf(release);
  const kernel = { release, build };
  const debian = DEBIAN.exec(build);
  if (debian)
    return {
      ...kernel,
      distribution: /rpi|\+rpt/.test(`${release} ${build}`) ? 'raspberrypi' : 'debian',
      package: debian[1] ?? '',
      stable: debian[2] ?? '',
      basis: /rpi|\+rpt/.test(`${release} ${build}`) ? 'patched' : 'upstream',
    };
  const ubuntu = ubuntuKernel(release, build, signature);
  if (ubuntu) return { ...kernel, ...ubuntu };
  const rule = RULES.find((one) => one.release.test(release));
  if (rule) {
    const { distribution, basis } = rule;
    // Red Hat's x.y.0 has no upstream stable release at all.
    const known = basis === 'vendor' && !/^proxmox|^sles/.test(distribution) ? '' : stable;
    return { ...kernel, distribution, basis, package: withoutMachine(release), stable: known };
  }
  // Debian's release without its build: 6.1.0-28-amd64 says nothing, 6.12.38+deb13-amd64 does.
  if (/^\d+\.\d+\.0-(?:\d+|0\.(?:bpo|deb\d+)\.\d+)(?:-[a-z]+)?-(?:amd64|arm64|686|armmp)/.test(release))
    return { ...kernel, distribution: 'debian', package: '', stable: '', basis: 'unknown' };
  if (/\+deb\d+/.test(release))
    return { ...kernel, distribution: 'debian', package: '', stable, basis: 'upstream' };
  const byOs = BY_OS.get(os);
  if (byOs !== undefined)
    return { ...kernel, distribution: os, package: '', stable: byOs === 'vendor' ? '' : stable, basis: byOs };
  // A kernel that somebody built from upstream's sources has upstream's numbers; x.y.0 with a build number is a vendor's.
  if (stable === '' || /^\d+\.\d+\.0-\d/.test(release))
    return { ...kernel, distribution: '', package: '', stable: '', basis: 'unknown' };
  return { ...kernel, distribution: '', package: '', stable, basis: 'patched' };
}

/** "Ubuntu 6.8.0-60.63-generic 6.8.12" has both; else the build's number completes the release: "#63~22.04.1-Ubuntu". */
function ubuntuKernel(release: string, build: string, signature: string) {
  const signed = /^Ubuntu (\d+\.\d+\.\d+-\d+\.\d+\S*?)(?:-([a-z][\w-]*))? (\d+\.\d+(?:\.\d+)?)/.exec(
    signature,
  );
  if (signed)
    return {
      distribution: 'ubuntu',
      package: signed[1] ?? '',
      stable: signed[3] ?? '',
      basis: 'vendor',
    } as const;
  // Ubuntu's builds of plain upstream kernels: 6.6.46-060646-generic.
  if (/^\d+\.\d+\.\d+-\d{6}(?:rc\d+)?-/.test(release))
    return {
      distribution: 'ubuntu-mainline',
      package: '',
      stable: numbersOf(release),
      basis: 'upstream',
    } as const;
  const number = /^#(\d+(?:~[\d.]+)?(?:\+\S*)?)-Ubuntu/.exec(build);
  const abi = /^(\d+\.\d+\.\d+-\d+)/.exec(release);
  if (!number || !abi) return undefined;
  return { distribution: 'ubuntu', package: `${abi[1]}.${number[1]}`, stable: '', basis: 'vendor' } as const;
}

/** The numbers that a release begins with: "6.1.79" of "6.1.79-99.167.amzn2023.x86_64", "6.6" of "6.6-rc3". */
function numbersOf(release: string): string {
  return /^(\d{1,3}\.\d{1,3}(?:\.\d{1,4})?)(?![\d])/.exec(release)?.[1] ?? '';
}

function withoutMachine(release: string): string {
  return release
    .replace(/\.(?:x86_64|aarch64|ppc64le|s390x|i686|riscv64|noarch)(?=$|\+)/, '')
    .replace(/\+(?:debug|rt|64k)$/, '');
}

/** What the basis means, for a reader. */
export function basisInWords({ basis, stable, distribution }: KernelIdentity): string {
  if (basis === 'upstream') return `upstream ${stable}`;
  if (basis === 'patched') return `upstream ${stable} with patches`;
  if (basis === 'unknown') return 'of unknown upstream version';
  const level = stable === '' ? '' : `, last level with upstream ${stable}`;
  return `kept by its vendor (${distribution}): its number does not follow upstream${level}`;
}
