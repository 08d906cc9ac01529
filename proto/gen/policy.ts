// Made by `npm run gen` from the .proto files; do not edit.

/** What a caller needs: nothing, a node’s certificate, or an operator’s with at least a role. */
export type Permission = 'anyone' | 'node' | 'read' | 'operate' | 'admin';

/** Each method’s permission and whether it changes the node. */
export const POLICY: Readonly<Record<string, { permission: Permission; mutates: boolean }>> = {
  'nodectl.v1.AccessService/WhoAmI': { permission: 'read', mutates: false },
  'nodectl.v1.AccessService/ListDenied': { permission: 'read', mutates: false },
  'nodectl.v1.AccessService/Deny': { permission: 'admin', mutates: true },
  'nodectl.v1.AccessService/Allow': { permission: 'admin', mutates: true },
  'nodectl.v1.AccessService/ReadAudit': { permission: 'read', mutates: false },
  'nodectl.v1.BundleService/CollectBundle': { permission: 'read', mutates: false },
  'nodectl.v1.ClockService/GetClock': { permission: 'read', mutates: false },
  'nodectl.v1.ClockService/ExchangeTime': { permission: 'read', mutates: false },
  'nodectl.v1.DiagnosticsService/Diagnose': { permission: 'read', mutates: false },
  'nodectl.v1.DiagnosticsService/ListChecks': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/PlanConfig': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/ApplyConfig': { permission: 'admin', mutates: true },
  'nodectl.v1.ConfigService/ConfirmConfig': { permission: 'admin', mutates: true },
  'nodectl.v1.ConfigService/RevertConfig': { permission: 'admin', mutates: true },
  'nodectl.v1.ConfigService/GetConfig': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/ListRevisions': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/GetDrift': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/CaptureConfig': { permission: 'read', mutates: false },
  'nodectl.v1.ConfigService/GetSealKey': { permission: 'read', mutates: false },
  'nodectl.v1.HistoryService/ReadHistory': { permission: 'read', mutates: false },
  'nodectl.v1.EnrolmentService/Enrol': { permission: 'anyone', mutates: true },
  'nodectl.v1.IssuerService/Renew': { permission: 'node', mutates: true },
  'nodectl.v1.IssuerService/CreateToken': { permission: 'admin', mutates: true },
  'nodectl.v1.IssuerService/ListNodes': { permission: 'read', mutates: false },
  'nodectl.v1.IssuerService/UpdateNode': { permission: 'operate', mutates: true },
  'nodectl.v1.IssuerService/RemoveNode': { permission: 'admin', mutates: true },
  'nodectl.v1.KernelService/GetKernel': { permission: 'read', mutates: false },
  'nodectl.v1.KernelService/ListTroubles': { permission: 'read', mutates: false },
  'nodectl.v1.LogsService/ListSources': { permission: 'read', mutates: false },
  'nodectl.v1.LogsService/ReadLogs': { permission: 'read', mutates: false },
  'nodectl.v1.MetricsService/GetMetrics': { permission: 'read', mutates: false },
  'nodectl.v1.NicService/ListNics': { permission: 'read', mutates: false },
  'nodectl.v1.SystemService/GetVersion': { permission: 'read', mutates: false },
  'nodectl.v1.SystemService/GetNode': { permission: 'read', mutates: false },
};
