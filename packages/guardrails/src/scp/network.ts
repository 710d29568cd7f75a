import type { CommonParameters } from '../templates/build.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { denyActions } from './deny-actions.ts';

const named = (actions: string): readonly string[] => actions.split(' ').map((action) => `ec2:${action}`);

/**
 * Denies ways from a VPC to the internet and to other VPCs: gateways, peerings, accelerators, and exclusions from VPC Block
 * Public Access.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const denyVpcInternetAccess = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyVpcInternetAccess',
    sid: 'DenyVpcInternet',
    action: [
      ...named(
        'AcceptVpcPeering* AttachInternet* Create*InternetGateway CreateVpcBlock* CreateVpcPeering* ModifyVpcBlock*',
      ),
      'globalaccelerator:Create*',
      'globalaccelerator:Update*',
    ],
    on: ['ec2', 'vpc/vpc-0123456789abcdef0'],
    asks: [
      'ec2:AttachInternetGateway',
      'ec2:CreateVpcPeeringConnection',
      { action: 'globalaccelerator:CreateAccelerator' },
      'ec2:CreateVpcBlockPublicAccessExclusion',
    ],
    left: 'ec2:DetachInternetGateway',
  });

/** Denies site-to-site and client VPN connections. */
export const denyVpn = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyVpn',
    sid: 'DenyVpn',
    action: named(
      'AssociateClientVpn* AttachVpnGateway AuthorizeClientVpn* CreateClientVpn* CreateCustomerGateway CreateVpn* ImportClientVpn* ModifyClientVpn* ModifyVpn*',
    ),
    on: ['ec2', 'vpn-connection/vpn-0123456789abcdef0'],
    asks: ['ec2:CreateVpnConnection', 'ec2:ModifyVpnTunnelOptions'],
    left: 'ec2:DeleteVpnConnection',
  });

/** Denies deleting flow logs. */
export const denyFlowLogDeletion = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyFlowLogDeletion',
    sid: 'KeepFlowLogs',
    action: ['ec2:DeleteFlowLogs'],
    on: ['ec2', 'vpc-flow-log/fl-0123456789abcdef0'],
    asks: ['ec2:DeleteFlowLogs'],
    left: 'ec2:CreateFlowLogs',
  });

/** Denies making the default VPC and its subnets anew, which are open to the internet. */
export const denyDefaultVpc = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyDefaultVpc',
    sid: 'DenyDefaultVpc',
    action: ['ec2:CreateDefaultSubnet', 'ec2:CreateDefaultVpc'],
    asks: ['ec2:CreateDefaultVpc', 'ec2:CreateDefaultSubnet'],
    left: 'ec2:DescribeVpcs',
  });

/** Keeps VPC encryption controls, of single VPCs and of the account. */
export const protectVpcEncryptionControl = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'protectVpcEncryptionControl',
    sid: 'KeepVpcEncryption',
    action: named('DeleteVpcEncryption* Modify*VpcEncryptionControl'),
    on: ['ec2', 'vpc-encryption-control/vpcec-0123456789abcdef0'],
    asks: ['ec2:ModifyVpcEncryptionControl'],
    left: 'ec2:CreateVpcEncryptionControl',
  });

const entry = (
  name: string,
  example: PolicyTemplate['example'],
  words: Pick<PolicyTemplate, 'intent' | 'breaks' | 'bypasses'> & Partial<Pick<PolicyTemplate, 'controls' | 'rollout'>>,
): PolicyTemplate => ({
  name,
  family: 'network',
  type: 'SERVICE_CONTROL_POLICY',
  rollout: straightRollout,
  controls: [],
  ...words,
  example,
});

/** Words on the templates of this file. */
export const networkTemplates: readonly PolicyTemplate[] = [
  entry('denyVpcInternetAccess', denyVpcInternetAccess, {
    intent: 'Traffic leaves through the inspected ways of the network account alone.',
    breaks: 'Accounts that serve the internet by themselves: do not attach it there.',
    bypasses:
      'Gateways that exist; transit gateways; addresses of a shared subnet. VPC Block Public Access stops the traffic itself.',
    rollout: stagedRollout,
    controls: [{ name: 'AWS-GR_DISALLOW_VPC_INTERNET_ACCESS', id: '41ngl8m5c4eb1myoz0t707n7h' }],
  }),
  entry('denyVpn', denyVpn, {
    intent: 'Nobody connects a network of his own to a VPC.',
    breaks: 'The network team: exempt its role.',
    bypasses: 'VPN software on an instance; Direct Connect.',
    controls: [{ name: 'AWS-GR_DISALLOW_VPN_CONNECTIONS', id: '5rlqt6yj6u0v0gb62pqdy4ae' }],
  }),
  entry('denyFlowLogDeletion', denyFlowLogDeletion, {
    intent: 'The record of traffic goes on.',
    breaks: 'Changing a flow log, which means to delete it: exempt the pipeline.',
    bypasses: 'Deleting what it writes to: protectLogArchive, protectAutomationResources for log groups.',
  }),
  entry('denyDefaultVpc', denyDefaultVpc, {
    intent: 'No network with public addresses by default.',
    breaks: 'Tutorials and old tools that expect a default VPC.',
    bypasses: 'A VPC made by hand alike: denyVpcInternetAccess.',
  }),
  entry('protectVpcEncryptionControl', protectVpcEncryptionControl, {
    intent: 'Traffic inside a VPC stays encrypted once that is enforced.',
    breaks: 'Excluding a resource that cannot encrypt: exempt the network team.',
    bypasses: 'VPCs without an encryption control.',
  }),
];
