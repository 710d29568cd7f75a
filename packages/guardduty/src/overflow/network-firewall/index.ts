export { createNetworkFirewallOverflow, type NetworkFirewallOverflow } from './network-firewall.ts';
export type { NetworkFirewall, NetworkFirewallOptions } from './options.ts';
export { networkFirewallPermissions } from './permissions.ts';
export { newRuleGroup } from './rules.ts';
