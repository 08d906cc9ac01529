/** What the kubelet and container runtimes write into their logs of a trouble. */

import type { DaemonRule } from './rules.ts';

/** The rules of the kubelet and of runtimes. */
export const KUBELET_RULES: readonly DaemonRule[] = [
  {
    ...{ id: 'system.log-eviction', area: 'system', severity: 'warning', kind: 'service' },
    title: 'The kubelet takes pods away for want of a resource',
    program: /^kubelet$/,
    words:
      /[Ee]viction manager: (?:must evict pod|attempting to reclaim)(?:"? resourceName="(?<name>[\w-]{1,40})|[^"]{0,40}to reclaim (?<resource>[\w-]{1,40}))?/,
    remedy: { text: 'See the node’s disk and memory, and the limits of its pods.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-network-plugin', area: 'system', severity: 'warning', kind: 'service' },
    title: 'The network of containers is not ready',
    program: /^kubelet$/,
    words: /[Cc]ontainer runtime network not ready|NetworkPluginNotReady|cni plugin not initialized/,
    least: 3,
    remedy: { text: 'See the pods of the network plugin and /etc/cni/net.d.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-api-server', area: 'system', severity: 'warning', kind: 'service' },
    title: 'The kubelet does not reach the API server',
    program: /^kubelet$/,
    words:
      /(?:Failed to (?:list|watch) |[Ff]ailed to ensure lease|[Uu]nable to register node|[Ee]rror (?:updating node status|getting node)|Failed to contact API server).*(?:connection refused|i\/o timeout|no route to host|TLS handshake timeout|x509: |Client\.Timeout exceeded|: Unauthorized|no such host)/,
    over: /Successfully registered node|[Nn]ode became ready|Fast updating node status/,
    least: 2,
    remedy: {
      text: 'See whether kube-apiserver and etcd run (crictl ps -a), the load balancer before them, and certificates.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-runtime-late', area: 'system', severity: 'warning', kind: 'service' },
    title: 'The container runtime does not answer in time',
    program: /^(?:kubelet|containerd|dockerd|crio)$/,
    words: /(?:rpc error: code = DeadlineExceeded|context deadline exceeded)/,
    least: 5,
    remedy: { text: 'See the load and the disk of the node, and the runtime’s log.', risk: 'restart' },
  },
  {
    ...{ id: 'system.log-cri-status', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A container runtime says that it or its network is not ready',
    // Its answer to Status in the CRI, as Go prints it: of crio's debug log and of `crictl --debug`.
    program: /^(?:crio|containerd|cri-dockerd|dockerd|crictl)$/,
    words: /\{Type:(?:Runtime|Network)Ready,Status:false,/,
    over: /\{Type:RuntimeReady,Status:true,(?:(?!Status:false).){0,300}\{Type:NetworkReady,Status:true,/,
    remedy: { text: 'See the pods of the network plugin and /etc/cni/net.d.', risk: 'none' },
  },
  {
    ...{ id: 'system.log-runtime-fatal', area: 'system', severity: 'warning', kind: 'service' },
    title: 'A container runtime or Kubernetes’ own service ended with an error',
    program: /^(?:containerd|dockerd|crio|cri-dockerd|k3s(?:-agent)?|rke2(?:-server|-agent)?)$/,
    words:
      /\blevel=fatal msg=|^FATA\[|(?:^|msg=")(?:failed to start (?:daemon|containerd): |Error starting daemon: )/,
    over: /Daemon has completed initialization|containerd successfully booted|API listen on |(?:k3s|rke2) is up and running/,
    remedy: {
      text: 'Look at what it names: its storage (graph driver, a disk that is full), its configuration, containerd, its certificates.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-sandbox', area: 'system', severity: 'warning', kind: 'service' },
    title: 'No network can be set up for new pods',
    program: /^(?:kubelet|containerd|crio|dockerd)$/,
    words:
      /failed to set ?up (?:network for sandbox|pod).{0,400}(?:unauthorized|Unauthorized|connection refused|no such file or directory|no IP addresses available|failed to allocate|i\/o timeout|x509|failed to find plugin|loadFlannelSubnetEnv|plugin type=)/,
    least: 3,
    remedy: {
      text: 'See the pods of the network plugin on that node (calico-node, flannel, cilium), its addresses and its access to the API server.',
      risk: 'none',
    },
  },
  {
    ...{ id: 'system.log-kubelet-cert', area: 'system', severity: 'critical', kind: 'service' },
    title: 'The certificate of a kubelet has ended',
    program: /^kubelet$/,
    words:
      /bootstrap client certificate in \S{1,200} is expired|[Cc]ertificate (?:has )?expired, (?:waiting|rotating)/,
    over: /Certificate rotation (?:detected|is enabled)|Successfully registered node/,
    remedy: {
      text: 'Renew it: kubeadm init phase kubeconfig kubelet, or a new bootstrap token; then restart the kubelet.',
      risk: 'restart',
    },
  },
  {
    ...{ id: 'system.log-kubelet-check', area: 'system', severity: 'warning', kind: 'service' },
    title: 'kubeadm finds that the kubelet does not answer',
    program: /^kubelet$/,
    words:
      /^\[kubelet-check\] (?:It seems like the kubelet isn't running or healthy|The HTTP call equal to .{1,120} failed|The kubelet is not healthy)/,
    over: /^\[kubelet-check\] The kubelet is healthy/,
    remedy: { text: 'See systemctl status kubelet and journalctl -u kubelet.', risk: 'none' },
  },
];
