/** What the finding is about, by GuardDuty's own division. `workload`: an instance, EKS or ECS cluster, or container. */
export type FindingResource =
  | 'ec2'
  | 'workload'
  | 'lambda'
  | 'iam'
  | 's3'
  | 's3-object'
  | 'kubernetes'
  | 'rds'
  | 'container'
  | 'ecs'
  | 'ebs'
  | 'backup'
  | 'organizations'
  /** The resources of an attack sequence. */
  | 'several';

/** Where GuardDuty sees it. */
export type FindingDataSource =
  | 'vpc-flow-logs'
  | 'dns-logs'
  | 'cloudtrail-management'
  | 'cloudtrail-s3'
  | 'eks-audit-logs'
  | 'rds-login-activity'
  | 'lambda-network-activity'
  | 'runtime-monitoring'
  | 'malware-protection'
  | 'malware-protection-backup'
  | 'malware-protection-s3'
  | 'ai-protection'
  | 'custom-detection-rules';

/** The band that GuardDuty documents. `variable`: it depends on what was found; `undocumented`: the guide says nothing. */
export type DefaultSeverity = 'critical' | 'high' | 'medium' | 'low' | 'variable' | 'undocumented';

/** Types that share all but the severity. */
export interface CatalogueGroup {
  readonly resource: FindingResource;
  /** Empty where the guide does not say. */
  readonly dataSources: readonly FindingDataSource[];
  readonly retired?: true;
  readonly types: Readonly<Partial<Record<DefaultSeverity, readonly string[]>>>;
}

/** The day on which `findingTypes` was last compared with GuardDuty's guide. */
export const catalogueAsOf = '2026-11-24';

/** When a type was retired, where the guide's document history says so. */
export const retirements: Readonly<Record<string, string>> = {
  'UnauthorizedAccess:IAMUser/UnusualASNCaller': '2018-12-21',
  'Backdoor:EC2/XORDDOS': '2019-06-12',
  'UnauthorizedAccess:EC2/TorIPCaller': '2020-10-01',
};

/**
 * Every finding type that GuardDuty documents. Data alone: what is done about a type is said by the threat table.
 * Source: Amazon GuardDuty user guide, active, custom-detection and retired finding types and document history, as of 2026-11-24.
 */
export const catalogue: readonly CatalogueGroup[] = [
  {
    resource: 'ec2',
    dataSources: ['vpc-flow-logs'],
    types: {
      high: [
        'Backdoor:EC2/C&CActivity.B',
        'Backdoor:EC2/DenialOfService.Dns',
        'Backdoor:EC2/DenialOfService.Tcp',
        'Backdoor:EC2/DenialOfService.Udp',
        'Backdoor:EC2/DenialOfService.UdpOnTcpPorts',
        'Backdoor:EC2/DenialOfService.UnusualProtocol',
        'CryptoCurrency:EC2/BitcoinTool.B',
        'Impact:EC2/PortSweep',
        'Recon:EC2/PortProbeEMRUnprotectedPort',
        'UnauthorizedAccess:EC2/TorClient',
        'UnauthorizedAccess:EC2/TorRelay',
      ],
      medium: [
        'Backdoor:EC2/Spambot',
        'Behavior:EC2/NetworkPortUnusual',
        'Behavior:EC2/TrafficVolumeUnusual',
        'DefenseEvasion:EC2/UnusualDNSResolver',
        'DefenseEvasion:EC2/UnusualDoHActivity',
        'DefenseEvasion:EC2/UnusualDoTActivity',
        'Recon:EC2/Portscan',
        'Trojan:EC2/BlackholeTraffic',
        'Trojan:EC2/DropPoint',
        'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
      ],
      low: [
        'Impact:EC2/WinRMBruteForce',
        'Recon:EC2/PortProbeUnprotectedPort',
        'UnauthorizedAccess:EC2/RDPBruteForce',
        'UnauthorizedAccess:EC2/SSHBruteForce',
      ],
    },
  },
  {
    resource: 'ec2',
    dataSources: ['dns-logs'],
    types: {
      high: [
        'Backdoor:EC2/C&CActivity.B!DNS',
        'CryptoCurrency:EC2/BitcoinTool.B!DNS',
        'Impact:EC2/BitcoinDomainRequest.Reputation',
        'Impact:EC2/MaliciousDomainRequest.Reputation',
        'Trojan:EC2/DGADomainRequest.B',
        'Trojan:EC2/DGADomainRequest.C!DNS',
        'Trojan:EC2/DNSDataExfiltration',
        'Trojan:EC2/DriveBySourceTraffic!DNS',
        'Trojan:EC2/PhishingDomainRequest!DNS',
        'UnauthorizedAccess:EC2/MetadataDNSRebind',
      ],
      medium: [
        'Impact:EC2/AbusedDomainRequest.Reputation',
        'Impact:EC2/MaliciousDomainRequest.Custom',
        'Trojan:EC2/BlackholeTraffic!DNS',
        'Trojan:EC2/DropPoint!DNS',
      ],
      low: ['Impact:EC2/SuspiciousDomainRequest.Reputation'],
    },
  },
  {
    resource: 'ec2',
    dataSources: ['malware-protection'],
    types: {
      variable: ['Execution:EC2/MaliciousFile', 'Execution:EC2/SuspiciousFile'],
    },
  },
  {
    resource: 'ec2',
    dataSources: ['malware-protection-backup'],
    types: {
      variable: ['Execution:EC2/MaliciousFile!AMI'],
    },
  },
  {
    resource: 'ec2',
    dataSources: ['custom-detection-rules'],
    types: {
      medium: ['CredentialAccess:EC2/UnsecuredCredentials'],
      variable: ['DefenseImpairment:EC2/DisableOrModifyTools'],
    },
  },
  {
    resource: 'workload',
    dataSources: ['runtime-monitoring'],
    types: {
      high: [
        'Backdoor:Runtime/C&CActivity.B',
        'Backdoor:Runtime/C&CActivity.B!DNS',
        'CryptoCurrency:Runtime/BitcoinTool.B',
        'CryptoCurrency:Runtime/BitcoinTool.B!DNS',
        'DefenseEvasion:Runtime/KernelModuleLoaded',
        'DefenseEvasion:Runtime/ProcessInjection.Proc',
        'DefenseEvasion:Runtime/ProcessInjection.VirtualMemoryWrite',
        'DefenseEvasion:Runtime/SuspiciousCommand',
        'Execution:Runtime/MaliciousFileExecuted',
        'Execution:Runtime/MaliciousFileExecuted.Custom',
        'Execution:Runtime/ReverseShell',
        'Impact:Runtime/BitcoinDomainRequest.Reputation',
        'Impact:Runtime/CryptoMinerExecuted',
        'PrivilegeEscalation:Runtime/CGroupsReleaseAgentModified',
        'PrivilegeEscalation:Runtime/RuncContainerEscape',
        'Trojan:Runtime/DGADomainRequest.C!DNS',
        'Trojan:Runtime/DriveBySourceTraffic!DNS',
        'Trojan:Runtime/PhishingDomainRequest!DNS',
        'UnauthorizedAccess:Runtime/MetadataDNSRebind',
        'UnauthorizedAccess:Runtime/TorClient',
        'UnauthorizedAccess:Runtime/TorRelay',
      ],
      medium: [
        'DefenseEvasion:Runtime/FilelessExecution',
        'DefenseEvasion:Runtime/ProcessInjection.Ptrace',
        'DefenseEvasion:Runtime/SensitiveFileModified',
        'Execution:Runtime/NewBinaryExecuted',
        'Execution:Runtime/NewLibraryLoaded',
        'Impact:Runtime/AbusedDomainRequest.Reputation',
        'Impact:Runtime/MaliciousDomainRequest.Reputation',
        'Persistence:Runtime/SensitiveFileModified',
        'Persistence:Runtime/SuspiciousCommand',
        'PrivilegeEscalation:Runtime/ContainerMountsHostDirectory',
        'PrivilegeEscalation:Runtime/DockerSocketAccessed',
        'PrivilegeEscalation:Runtime/ElevationToRoot',
        'PrivilegeEscalation:Runtime/SensitiveFileModified',
        'PrivilegeEscalation:Runtime/SuspiciousCommand',
        'PrivilegeEscalation:Runtime/UserfaultfdUsage',
        'Trojan:Runtime/BlackholeTraffic',
        'Trojan:Runtime/BlackholeTraffic!DNS',
        'Trojan:Runtime/DropPoint',
        'Trojan:Runtime/DropPoint!DNS',
      ],
      low: [
        'DefenseEvasion:Runtime/PtraceAntiDebugging',
        'Discovery:Runtime/SuspiciousCommand',
        'Execution:Runtime/SuspiciousShellCreated',
        'Impact:Runtime/SuspiciousDomainRequest.Reputation',
      ],
      variable: ['Execution:Runtime/SuspiciousCommand', 'Execution:Runtime/SuspiciousTool'],
    },
  },
  {
    resource: 'lambda',
    dataSources: ['lambda-network-activity'],
    types: {
      high: [
        'Backdoor:Lambda/C&CActivity.B',
        'CryptoCurrency:Lambda/BitcoinTool.B',
        'UnauthorizedAccess:Lambda/TorClient',
        'UnauthorizedAccess:Lambda/TorRelay',
      ],
      medium: [
        'Trojan:Lambda/BlackholeTraffic',
        'Trojan:Lambda/DropPoint',
        'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
      ],
    },
  },
  {
    resource: 'iam',
    dataSources: ['cloudtrail-management'],
    types: {
      high: [
        'Exfiltration:IAMUser/AnomalousBehavior',
        'Impact:IAMUser/AnomalousBehavior',
        'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS',
        'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS',
      ],
      medium: [
        'CredentialAccess:IAMUser/AnomalousBehavior',
        'DefenseEvasion:IAMUser/AnomalousBehavior',
        'DefenseEvasion:IAMUser/BedrockLoggingDisabled',
        'InitialAccess:IAMUser/AnomalousBehavior',
        'PenTest:IAMUser/KaliLinux',
        'PenTest:IAMUser/ParrotLinux',
        'PenTest:IAMUser/PentooLinux',
        'Persistence:IAMUser/AnomalousBehavior',
        'PrivilegeEscalation:IAMUser/AnomalousBehavior',
        'Recon:IAMUser/MaliciousIPCaller',
        'Recon:IAMUser/MaliciousIPCaller.Custom',
        'Recon:IAMUser/TorIPCaller',
        'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
        'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
        'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom',
        'UnauthorizedAccess:IAMUser/TorIPCaller',
      ],
      low: [
        'Discovery:IAMUser/AnomalousBehavior',
        'Stealth:IAMUser/CloudTrailLoggingDisabled',
        'Stealth:IAMUser/PasswordPolicyChange',
      ],
    },
  },
  {
    resource: 'iam',
    dataSources: ['cloudtrail-management', 'cloudtrail-s3'],
    types: {
      high: [
        'CredentialAccess:IAMUser/CompromisedCredentials',
        'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
        'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
      ],
      low: ['Policy:IAMUser/RootCredentialUsage', 'Policy:IAMUser/ShortTermRootCredentialUsage'],
    },
  },
  {
    resource: 'iam',
    dataSources: ['ai-protection'],
    types: {
      low: [
        'Impact:IAMUser/AnomalousModelInvocation',
        'Impact:IAMUser/CostHarvesting',
        'Impact:IAMUser/PromptInjection.Direct',
      ],
    },
  },
  {
    resource: 's3',
    dataSources: ['cloudtrail-s3'],
    types: {
      high: [
        'Discovery:S3/MaliciousIPCaller',
        'Discovery:S3/MaliciousIPCaller.Custom',
        'Exfiltration:S3/AnomalousBehavior',
        'Exfiltration:S3/MaliciousIPCaller',
        'Impact:S3/AnomalousBehavior.Delete',
        'Impact:S3/AnomalousBehavior.Permission',
        'Impact:S3/MaliciousIPCaller',
        'UnauthorizedAccess:S3/MaliciousIPCaller.Custom',
        'UnauthorizedAccess:S3/TorIPCaller',
      ],
      medium: [
        'Discovery:S3/TorIPCaller',
        'Impact:S3/AnomalousBehavior.Write',
        'PenTest:S3/KaliLinux',
        'PenTest:S3/ParrotLinux',
        'PenTest:S3/PentooLinux',
      ],
      low: ['Discovery:S3/AnomalousBehavior'],
    },
  },
  {
    resource: 's3',
    dataSources: ['cloudtrail-management'],
    types: {
      high: ['Policy:S3/BucketAnonymousAccessGranted', 'Policy:S3/BucketPublicAccessGranted'],
      low: [
        'Policy:S3/AccountBlockPublicAccessDisabled',
        'Policy:S3/BucketBlockPublicAccessDisabled',
        'Stealth:S3/ServerAccessLoggingDisabled',
      ],
    },
  },
  {
    resource: 's3-object',
    dataSources: ['malware-protection-s3'],
    types: {
      high: ['Object:S3/MaliciousFile'],
    },
  },
  {
    resource: 'kubernetes',
    dataSources: ['eks-audit-logs'],
    types: {
      high: [
        'CredentialAccess:Kubernetes/MaliciousIPCaller',
        'CredentialAccess:Kubernetes/MaliciousIPCaller.Custom',
        'CredentialAccess:Kubernetes/SuccessfulAnonymousAccess',
        'CredentialAccess:Kubernetes/TorIPCaller',
        'DefenseEvasion:Kubernetes/MaliciousIPCaller',
        'DefenseEvasion:Kubernetes/MaliciousIPCaller.Custom',
        'DefenseEvasion:Kubernetes/SuccessfulAnonymousAccess',
        'DefenseEvasion:Kubernetes/TorIPCaller',
        'Impact:Kubernetes/MaliciousIPCaller',
        'Impact:Kubernetes/MaliciousIPCaller.Custom',
        'Impact:Kubernetes/SuccessfulAnonymousAccess',
        'Impact:Kubernetes/TorIPCaller',
        'Persistence:Kubernetes/AnomalousBehavior.WorkloadDeployed!ContainerWithSensitiveMount',
        'Persistence:Kubernetes/SuccessfulAnonymousAccess',
        'Policy:Kubernetes/AdminAccessToDefaultServiceAccount',
        'Policy:Kubernetes/AnonymousAccessGranted',
        'PrivilegeEscalation:Kubernetes/AnomalousBehavior.WorkloadDeployed!PrivilegedContainer',
      ],
      medium: [
        'CredentialAccess:Kubernetes/AnomalousBehavior.SecretsAccessed',
        'Discovery:Kubernetes/MaliciousIPCaller',
        'Discovery:Kubernetes/MaliciousIPCaller.Custom',
        'Discovery:Kubernetes/SuccessfulAnonymousAccess',
        'Discovery:Kubernetes/TorIPCaller',
        'Execution:Kubernetes/AnomalousBehavior.ExecInPod',
        'Execution:Kubernetes/ExecInKubeSystemPod',
        'Persistence:Kubernetes/MaliciousIPCaller',
        'Persistence:Kubernetes/MaliciousIPCaller.Custom',
        'Persistence:Kubernetes/TorIPCaller',
        'Policy:Kubernetes/ExposedDashboard',
        'Policy:Kubernetes/KubeflowDashboardExposed',
        'PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleBindingCreated',
      ],
      low: [
        'Discovery:Kubernetes/AnomalousBehavior.PermissionChecked',
        'Execution:Kubernetes/AnomalousBehavior.WorkloadDeployed',
        'PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleCreated',
      ],
    },
  },
  {
    resource: 'kubernetes',
    dataSources: ['malware-protection'],
    types: {
      variable: ['Execution:Kubernetes/MaliciousFile', 'Execution:Kubernetes/SuspiciousFile'],
    },
  },
  {
    resource: 'rds',
    dataSources: ['rds-login-activity'],
    types: {
      high: [
        'CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce',
        'CredentialAccess:RDS/MaliciousIPCaller.SuccessfulLogin',
        'CredentialAccess:RDS/TorIPCaller.SuccessfulLogin',
      ],
      medium: [
        'CredentialAccess:RDS/MaliciousIPCaller.FailedLogin',
        'CredentialAccess:RDS/TorIPCaller.FailedLogin',
        'Discovery:RDS/MaliciousIPCaller',
        'Discovery:RDS/TorIPCaller',
      ],
      low: ['CredentialAccess:RDS/AnomalousBehavior.FailedLogin'],
      variable: ['CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin'],
    },
  },
  {
    resource: 'rds',
    dataSources: ['custom-detection-rules'],
    types: {
      high: ['CredentialAccess:RDS/ModifyAuthenticationProcess'],
    },
  },
  {
    resource: 'container',
    dataSources: ['malware-protection'],
    types: {
      variable: ['Execution:Container/MaliciousFile', 'Execution:Container/SuspiciousFile'],
    },
  },
  {
    resource: 'ecs',
    dataSources: ['malware-protection'],
    types: {
      variable: ['Execution:ECS/MaliciousFile', 'Execution:ECS/SuspiciousFile'],
    },
  },
  {
    resource: 'ebs',
    dataSources: ['malware-protection-backup'],
    types: {
      variable: ['Execution:EC2/MaliciousFile!Snapshot'],
    },
  },
  {
    resource: 'backup',
    dataSources: ['malware-protection-backup'],
    types: {
      variable: ['Execution:EC2/MaliciousFile!RecoveryPoint', 'Execution:S3/MaliciousFile!RecoveryPoint'],
    },
  },
  {
    resource: 'organizations',
    dataSources: ['custom-detection-rules'],
    types: {
      high: ['DefenseImpairment:Organizations/ModifyCloudResourceHierarchy'],
      undocumented: ['DefenseImpairment:Organizations/DisableOrModifyTools'],
    },
  },
  {
    resource: 'several',
    dataSources: ['runtime-monitoring', 'malware-protection', 'vpc-flow-logs', 'dns-logs'],
    types: {
      critical: ['AttackSequence:EC2/CompromisedInstanceGroup'],
    },
  },
  {
    resource: 'several',
    dataSources: ['runtime-monitoring', 'malware-protection'],
    types: {
      critical: ['AttackSequence:ECS/CompromisedCluster'],
    },
  },
  {
    resource: 'several',
    dataSources: [
      'runtime-monitoring',
      'malware-protection',
      'eks-audit-logs',
      'cloudtrail-management',
      'cloudtrail-s3',
      'vpc-flow-logs',
      'dns-logs',
    ],
    types: {
      critical: ['AttackSequence:EKS/CompromisedCluster'],
    },
  },
  {
    resource: 'several',
    dataSources: ['cloudtrail-management'],
    types: {
      critical: ['AttackSequence:IAM/CompromisedCredentials'],
    },
  },
  {
    resource: 'several',
    dataSources: ['cloudtrail-management', 'cloudtrail-s3'],
    types: {
      critical: ['AttackSequence:S3/CompromisedData'],
    },
  },
  {
    resource: 'ec2',
    dataSources: [],
    retired: true,
    types: {
      high: ['Backdoor:EC2/XORDDOS', 'CryptoCurrency:EC2/BitcoinTool.A'],
      medium: ['UnauthorizedAccess:EC2/TorIPCaller'],
    },
  },
  {
    resource: 'iam',
    dataSources: [],
    retired: true,
    types: {
      high: ['Behavior:IAMUser/InstanceLaunchUnusual', 'UnauthorizedAccess:IAMUser/UnusualASNCaller'],
      medium: [
        'Persistence:IAMUser/NetworkPermissions',
        'Persistence:IAMUser/ResourcePermissions',
        'Persistence:IAMUser/UserPermissions',
        'Recon:IAMUser/NetworkPermissions',
        'Recon:IAMUser/ResourcePermissions',
        'Recon:IAMUser/UserPermissions',
        'ResourceConsumption:IAMUser/ComputeResources',
        'Stealth:IAMUser/LoggingConfigurationModified',
        'UnauthorizedAccess:IAMUser/ConsoleLogin',
      ],
      low: ['PrivilegeEscalation:IAMUser/AdministrativePermissions'],
    },
  },
  {
    resource: 's3',
    dataSources: [],
    retired: true,
    types: {
      medium: [
        'Discovery:S3/BucketEnumeration.Unusual',
        'Impact:S3/ObjectDelete.Unusual',
        'Impact:S3/PermissionsModification.Unusual',
      ],
    },
  },
  {
    resource: 's3',
    dataSources: ['cloudtrail-s3'],
    retired: true,
    types: {
      medium: ['Exfiltration:S3/ObjectRead.Unusual'],
    },
  },
  {
    resource: 'kubernetes',
    dataSources: ['eks-audit-logs'],
    retired: true,
    types: {
      medium: [
        'Persistence:Kubernetes/ContainerWithSensitiveMount',
        'PrivilegeEscalation:Kubernetes/PrivilegedContainer',
      ],
    },
  },
];
