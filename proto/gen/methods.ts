// Made by `npm run gen` from the .proto files; do not edit.

import type { AbortUpgradeRequest as nodectl_v1_AbortUpgradeRequest } from './types/nodectl/v1/AbortUpgradeRequest.ts';
import type { AbortUpgradeRequest__Output as nodectl_v1_AbortUpgradeRequest__Output } from './types/nodectl/v1/AbortUpgradeRequest.ts';
import type { AbortUpgradeResponse as nodectl_v1_AbortUpgradeResponse } from './types/nodectl/v1/AbortUpgradeResponse.ts';
import type { AbortUpgradeResponse__Output as nodectl_v1_AbortUpgradeResponse__Output } from './types/nodectl/v1/AbortUpgradeResponse.ts';
import type { AllowRequest as nodectl_v1_AllowRequest } from './types/nodectl/v1/AllowRequest.ts';
import type { AllowRequest__Output as nodectl_v1_AllowRequest__Output } from './types/nodectl/v1/AllowRequest.ts';
import type { AllowResponse as nodectl_v1_AllowResponse } from './types/nodectl/v1/AllowResponse.ts';
import type { AllowResponse__Output as nodectl_v1_AllowResponse__Output } from './types/nodectl/v1/AllowResponse.ts';
import type { ApplyConfigRequest as nodectl_v1_ApplyConfigRequest } from './types/nodectl/v1/ApplyConfigRequest.ts';
import type { ApplyConfigRequest__Output as nodectl_v1_ApplyConfigRequest__Output } from './types/nodectl/v1/ApplyConfigRequest.ts';
import type { ApplyConfigResponse as nodectl_v1_ApplyConfigResponse } from './types/nodectl/v1/ApplyConfigResponse.ts';
import type { ApplyConfigResponse__Output as nodectl_v1_ApplyConfigResponse__Output } from './types/nodectl/v1/ApplyConfigResponse.ts';
import type { CallBackRequest as nodectl_v1_CallBackRequest } from './types/nodectl/v1/CallBackRequest.ts';
import type { CallBackRequest__Output as nodectl_v1_CallBackRequest__Output } from './types/nodectl/v1/CallBackRequest.ts';
import type { CallBackResponse as nodectl_v1_CallBackResponse } from './types/nodectl/v1/CallBackResponse.ts';
import type { CallBackResponse__Output as nodectl_v1_CallBackResponse__Output } from './types/nodectl/v1/CallBackResponse.ts';
import type { CaptureConfigRequest as nodectl_v1_CaptureConfigRequest } from './types/nodectl/v1/CaptureConfigRequest.ts';
import type { CaptureConfigRequest__Output as nodectl_v1_CaptureConfigRequest__Output } from './types/nodectl/v1/CaptureConfigRequest.ts';
import type { CaptureConfigResponse as nodectl_v1_CaptureConfigResponse } from './types/nodectl/v1/CaptureConfigResponse.ts';
import type { CaptureConfigResponse__Output as nodectl_v1_CaptureConfigResponse__Output } from './types/nodectl/v1/CaptureConfigResponse.ts';
import type { ChangeTrustRequest as nodectl_v1_ChangeTrustRequest } from './types/nodectl/v1/ChangeTrustRequest.ts';
import type { ChangeTrustRequest__Output as nodectl_v1_ChangeTrustRequest__Output } from './types/nodectl/v1/ChangeTrustRequest.ts';
import type { ChangeTrustResponse as nodectl_v1_ChangeTrustResponse } from './types/nodectl/v1/ChangeTrustResponse.ts';
import type { ChangeTrustResponse__Output as nodectl_v1_ChangeTrustResponse__Output } from './types/nodectl/v1/ChangeTrustResponse.ts';
import type { CollectBundleRequest as nodectl_v1_CollectBundleRequest } from './types/nodectl/v1/CollectBundleRequest.ts';
import type { CollectBundleRequest__Output as nodectl_v1_CollectBundleRequest__Output } from './types/nodectl/v1/CollectBundleRequest.ts';
import type { CollectBundleResponse as nodectl_v1_CollectBundleResponse } from './types/nodectl/v1/CollectBundleResponse.ts';
import type { CollectBundleResponse__Output as nodectl_v1_CollectBundleResponse__Output } from './types/nodectl/v1/CollectBundleResponse.ts';
import type { ConfirmAgentReleaseRequest as nodectl_v1_ConfirmAgentReleaseRequest } from './types/nodectl/v1/ConfirmAgentReleaseRequest.ts';
import type { ConfirmAgentReleaseRequest__Output as nodectl_v1_ConfirmAgentReleaseRequest__Output } from './types/nodectl/v1/ConfirmAgentReleaseRequest.ts';
import type { ConfirmAgentReleaseResponse as nodectl_v1_ConfirmAgentReleaseResponse } from './types/nodectl/v1/ConfirmAgentReleaseResponse.ts';
import type { ConfirmAgentReleaseResponse__Output as nodectl_v1_ConfirmAgentReleaseResponse__Output } from './types/nodectl/v1/ConfirmAgentReleaseResponse.ts';
import type { ConfirmConfigRequest as nodectl_v1_ConfirmConfigRequest } from './types/nodectl/v1/ConfirmConfigRequest.ts';
import type { ConfirmConfigRequest__Output as nodectl_v1_ConfirmConfigRequest__Output } from './types/nodectl/v1/ConfirmConfigRequest.ts';
import type { ConfirmConfigResponse as nodectl_v1_ConfirmConfigResponse } from './types/nodectl/v1/ConfirmConfigResponse.ts';
import type { ConfirmConfigResponse__Output as nodectl_v1_ConfirmConfigResponse__Output } from './types/nodectl/v1/ConfirmConfigResponse.ts';
import type { ConfirmUpgradeRequest as nodectl_v1_ConfirmUpgradeRequest } from './types/nodectl/v1/ConfirmUpgradeRequest.ts';
import type { ConfirmUpgradeRequest__Output as nodectl_v1_ConfirmUpgradeRequest__Output } from './types/nodectl/v1/ConfirmUpgradeRequest.ts';
import type { ConfirmUpgradeResponse as nodectl_v1_ConfirmUpgradeResponse } from './types/nodectl/v1/ConfirmUpgradeResponse.ts';
import type { ConfirmUpgradeResponse__Output as nodectl_v1_ConfirmUpgradeResponse__Output } from './types/nodectl/v1/ConfirmUpgradeResponse.ts';
import type { CreateTokenRequest as nodectl_v1_CreateTokenRequest } from './types/nodectl/v1/CreateTokenRequest.ts';
import type { CreateTokenRequest__Output as nodectl_v1_CreateTokenRequest__Output } from './types/nodectl/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as nodectl_v1_CreateTokenResponse } from './types/nodectl/v1/CreateTokenResponse.ts';
import type { CreateTokenResponse__Output as nodectl_v1_CreateTokenResponse__Output } from './types/nodectl/v1/CreateTokenResponse.ts';
import type { DenyRequest as nodectl_v1_DenyRequest } from './types/nodectl/v1/DenyRequest.ts';
import type { DenyRequest__Output as nodectl_v1_DenyRequest__Output } from './types/nodectl/v1/DenyRequest.ts';
import type { DenyResponse as nodectl_v1_DenyResponse } from './types/nodectl/v1/DenyResponse.ts';
import type { DenyResponse__Output as nodectl_v1_DenyResponse__Output } from './types/nodectl/v1/DenyResponse.ts';
import type { DiagnoseRequest as nodectl_v1_DiagnoseRequest } from './types/nodectl/v1/DiagnoseRequest.ts';
import type { DiagnoseRequest__Output as nodectl_v1_DiagnoseRequest__Output } from './types/nodectl/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as nodectl_v1_DiagnoseResponse } from './types/nodectl/v1/DiagnoseResponse.ts';
import type { DiagnoseResponse__Output as nodectl_v1_DiagnoseResponse__Output } from './types/nodectl/v1/DiagnoseResponse.ts';
import type { EnrolRequest as nodectl_v1_EnrolRequest } from './types/nodectl/v1/EnrolRequest.ts';
import type { EnrolRequest__Output as nodectl_v1_EnrolRequest__Output } from './types/nodectl/v1/EnrolRequest.ts';
import type { EnrolResponse as nodectl_v1_EnrolResponse } from './types/nodectl/v1/EnrolResponse.ts';
import type { EnrolResponse__Output as nodectl_v1_EnrolResponse__Output } from './types/nodectl/v1/EnrolResponse.ts';
import type { ExchangeTimeRequest as nodectl_v1_ExchangeTimeRequest } from './types/nodectl/v1/ExchangeTimeRequest.ts';
import type { ExchangeTimeRequest__Output as nodectl_v1_ExchangeTimeRequest__Output } from './types/nodectl/v1/ExchangeTimeRequest.ts';
import type { ExchangeTimeResponse as nodectl_v1_ExchangeTimeResponse } from './types/nodectl/v1/ExchangeTimeResponse.ts';
import type { ExchangeTimeResponse__Output as nodectl_v1_ExchangeTimeResponse__Output } from './types/nodectl/v1/ExchangeTimeResponse.ts';
import type { GetAgentReleaseRequest as nodectl_v1_GetAgentReleaseRequest } from './types/nodectl/v1/GetAgentReleaseRequest.ts';
import type { GetAgentReleaseRequest__Output as nodectl_v1_GetAgentReleaseRequest__Output } from './types/nodectl/v1/GetAgentReleaseRequest.ts';
import type { GetAgentReleaseResponse as nodectl_v1_GetAgentReleaseResponse } from './types/nodectl/v1/GetAgentReleaseResponse.ts';
import type { GetAgentReleaseResponse__Output as nodectl_v1_GetAgentReleaseResponse__Output } from './types/nodectl/v1/GetAgentReleaseResponse.ts';
import type { GetClockRequest as nodectl_v1_GetClockRequest } from './types/nodectl/v1/GetClockRequest.ts';
import type { GetClockRequest__Output as nodectl_v1_GetClockRequest__Output } from './types/nodectl/v1/GetClockRequest.ts';
import type { GetClockResponse as nodectl_v1_GetClockResponse } from './types/nodectl/v1/GetClockResponse.ts';
import type { GetClockResponse__Output as nodectl_v1_GetClockResponse__Output } from './types/nodectl/v1/GetClockResponse.ts';
import type { GetConfigRequest as nodectl_v1_GetConfigRequest } from './types/nodectl/v1/GetConfigRequest.ts';
import type { GetConfigRequest__Output as nodectl_v1_GetConfigRequest__Output } from './types/nodectl/v1/GetConfigRequest.ts';
import type { GetConfigResponse as nodectl_v1_GetConfigResponse } from './types/nodectl/v1/GetConfigResponse.ts';
import type { GetConfigResponse__Output as nodectl_v1_GetConfigResponse__Output } from './types/nodectl/v1/GetConfigResponse.ts';
import type { GetDriftRequest as nodectl_v1_GetDriftRequest } from './types/nodectl/v1/GetDriftRequest.ts';
import type { GetDriftRequest__Output as nodectl_v1_GetDriftRequest__Output } from './types/nodectl/v1/GetDriftRequest.ts';
import type { GetDriftResponse as nodectl_v1_GetDriftResponse } from './types/nodectl/v1/GetDriftResponse.ts';
import type { GetDriftResponse__Output as nodectl_v1_GetDriftResponse__Output } from './types/nodectl/v1/GetDriftResponse.ts';
import type { GetKernelRequest as nodectl_v1_GetKernelRequest } from './types/nodectl/v1/GetKernelRequest.ts';
import type { GetKernelRequest__Output as nodectl_v1_GetKernelRequest__Output } from './types/nodectl/v1/GetKernelRequest.ts';
import type { GetKernelResponse as nodectl_v1_GetKernelResponse } from './types/nodectl/v1/GetKernelResponse.ts';
import type { GetKernelResponse__Output as nodectl_v1_GetKernelResponse__Output } from './types/nodectl/v1/GetKernelResponse.ts';
import type { GetMetricsRequest as nodectl_v1_GetMetricsRequest } from './types/nodectl/v1/GetMetricsRequest.ts';
import type { GetMetricsRequest__Output as nodectl_v1_GetMetricsRequest__Output } from './types/nodectl/v1/GetMetricsRequest.ts';
import type { GetMetricsResponse as nodectl_v1_GetMetricsResponse } from './types/nodectl/v1/GetMetricsResponse.ts';
import type { GetMetricsResponse__Output as nodectl_v1_GetMetricsResponse__Output } from './types/nodectl/v1/GetMetricsResponse.ts';
import type { GetNodeRequest as nodectl_v1_GetNodeRequest } from './types/nodectl/v1/GetNodeRequest.ts';
import type { GetNodeRequest__Output as nodectl_v1_GetNodeRequest__Output } from './types/nodectl/v1/GetNodeRequest.ts';
import type { GetNodeResponse as nodectl_v1_GetNodeResponse } from './types/nodectl/v1/GetNodeResponse.ts';
import type { GetNodeResponse__Output as nodectl_v1_GetNodeResponse__Output } from './types/nodectl/v1/GetNodeResponse.ts';
import type { GetSealKeyRequest as nodectl_v1_GetSealKeyRequest } from './types/nodectl/v1/GetSealKeyRequest.ts';
import type { GetSealKeyRequest__Output as nodectl_v1_GetSealKeyRequest__Output } from './types/nodectl/v1/GetSealKeyRequest.ts';
import type { GetSealKeyResponse as nodectl_v1_GetSealKeyResponse } from './types/nodectl/v1/GetSealKeyResponse.ts';
import type { GetSealKeyResponse__Output as nodectl_v1_GetSealKeyResponse__Output } from './types/nodectl/v1/GetSealKeyResponse.ts';
import type { GetUpgradeRequest as nodectl_v1_GetUpgradeRequest } from './types/nodectl/v1/GetUpgradeRequest.ts';
import type { GetUpgradeRequest__Output as nodectl_v1_GetUpgradeRequest__Output } from './types/nodectl/v1/GetUpgradeRequest.ts';
import type { GetUpgradeResponse as nodectl_v1_GetUpgradeResponse } from './types/nodectl/v1/GetUpgradeResponse.ts';
import type { GetUpgradeResponse__Output as nodectl_v1_GetUpgradeResponse__Output } from './types/nodectl/v1/GetUpgradeResponse.ts';
import type { GetVersionRequest as nodectl_v1_GetVersionRequest } from './types/nodectl/v1/GetVersionRequest.ts';
import type { GetVersionRequest__Output as nodectl_v1_GetVersionRequest__Output } from './types/nodectl/v1/GetVersionRequest.ts';
import type { GetVersionResponse as nodectl_v1_GetVersionResponse } from './types/nodectl/v1/GetVersionResponse.ts';
import type { GetVersionResponse__Output as nodectl_v1_GetVersionResponse__Output } from './types/nodectl/v1/GetVersionResponse.ts';
import type { HealthCheckRequest as grpc_health_v1_HealthCheckRequest } from './types/grpc/health/v1/HealthCheckRequest.ts';
import type { HealthCheckRequest__Output as grpc_health_v1_HealthCheckRequest__Output } from './types/grpc/health/v1/HealthCheckRequest.ts';
import type { HealthCheckResponse as grpc_health_v1_HealthCheckResponse } from './types/grpc/health/v1/HealthCheckResponse.ts';
import type { HealthCheckResponse__Output as grpc_health_v1_HealthCheckResponse__Output } from './types/grpc/health/v1/HealthCheckResponse.ts';
import type { ListChecksRequest as nodectl_v1_ListChecksRequest } from './types/nodectl/v1/ListChecksRequest.ts';
import type { ListChecksRequest__Output as nodectl_v1_ListChecksRequest__Output } from './types/nodectl/v1/ListChecksRequest.ts';
import type { ListChecksResponse as nodectl_v1_ListChecksResponse } from './types/nodectl/v1/ListChecksResponse.ts';
import type { ListChecksResponse__Output as nodectl_v1_ListChecksResponse__Output } from './types/nodectl/v1/ListChecksResponse.ts';
import type { ListDeniedRequest as nodectl_v1_ListDeniedRequest } from './types/nodectl/v1/ListDeniedRequest.ts';
import type { ListDeniedRequest__Output as nodectl_v1_ListDeniedRequest__Output } from './types/nodectl/v1/ListDeniedRequest.ts';
import type { ListDeniedResponse as nodectl_v1_ListDeniedResponse } from './types/nodectl/v1/ListDeniedResponse.ts';
import type { ListDeniedResponse__Output as nodectl_v1_ListDeniedResponse__Output } from './types/nodectl/v1/ListDeniedResponse.ts';
import type { ListNicsRequest as nodectl_v1_ListNicsRequest } from './types/nodectl/v1/ListNicsRequest.ts';
import type { ListNicsRequest__Output as nodectl_v1_ListNicsRequest__Output } from './types/nodectl/v1/ListNicsRequest.ts';
import type { ListNicsResponse as nodectl_v1_ListNicsResponse } from './types/nodectl/v1/ListNicsResponse.ts';
import type { ListNicsResponse__Output as nodectl_v1_ListNicsResponse__Output } from './types/nodectl/v1/ListNicsResponse.ts';
import type { ListNodesRequest as nodectl_v1_ListNodesRequest } from './types/nodectl/v1/ListNodesRequest.ts';
import type { ListNodesRequest__Output as nodectl_v1_ListNodesRequest__Output } from './types/nodectl/v1/ListNodesRequest.ts';
import type { ListNodesResponse as nodectl_v1_ListNodesResponse } from './types/nodectl/v1/ListNodesResponse.ts';
import type { ListNodesResponse__Output as nodectl_v1_ListNodesResponse__Output } from './types/nodectl/v1/ListNodesResponse.ts';
import type { ListRevisionsRequest as nodectl_v1_ListRevisionsRequest } from './types/nodectl/v1/ListRevisionsRequest.ts';
import type { ListRevisionsRequest__Output as nodectl_v1_ListRevisionsRequest__Output } from './types/nodectl/v1/ListRevisionsRequest.ts';
import type { ListRevisionsResponse as nodectl_v1_ListRevisionsResponse } from './types/nodectl/v1/ListRevisionsResponse.ts';
import type { ListRevisionsResponse__Output as nodectl_v1_ListRevisionsResponse__Output } from './types/nodectl/v1/ListRevisionsResponse.ts';
import type { ListSlotsRequest as nodectl_v1_ListSlotsRequest } from './types/nodectl/v1/ListSlotsRequest.ts';
import type { ListSlotsRequest__Output as nodectl_v1_ListSlotsRequest__Output } from './types/nodectl/v1/ListSlotsRequest.ts';
import type { ListSlotsResponse as nodectl_v1_ListSlotsResponse } from './types/nodectl/v1/ListSlotsResponse.ts';
import type { ListSlotsResponse__Output as nodectl_v1_ListSlotsResponse__Output } from './types/nodectl/v1/ListSlotsResponse.ts';
import type { ListSourcesRequest as nodectl_v1_ListSourcesRequest } from './types/nodectl/v1/ListSourcesRequest.ts';
import type { ListSourcesRequest__Output as nodectl_v1_ListSourcesRequest__Output } from './types/nodectl/v1/ListSourcesRequest.ts';
import type { ListSourcesResponse as nodectl_v1_ListSourcesResponse } from './types/nodectl/v1/ListSourcesResponse.ts';
import type { ListSourcesResponse__Output as nodectl_v1_ListSourcesResponse__Output } from './types/nodectl/v1/ListSourcesResponse.ts';
import type { ListTroublesRequest as nodectl_v1_ListTroublesRequest } from './types/nodectl/v1/ListTroublesRequest.ts';
import type { ListTroublesRequest__Output as nodectl_v1_ListTroublesRequest__Output } from './types/nodectl/v1/ListTroublesRequest.ts';
import type { ListTroublesResponse as nodectl_v1_ListTroublesResponse } from './types/nodectl/v1/ListTroublesResponse.ts';
import type { ListTroublesResponse__Output as nodectl_v1_ListTroublesResponse__Output } from './types/nodectl/v1/ListTroublesResponse.ts';
import type { ListUpgradesRequest as nodectl_v1_ListUpgradesRequest } from './types/nodectl/v1/ListUpgradesRequest.ts';
import type { ListUpgradesRequest__Output as nodectl_v1_ListUpgradesRequest__Output } from './types/nodectl/v1/ListUpgradesRequest.ts';
import type { ListUpgradesResponse as nodectl_v1_ListUpgradesResponse } from './types/nodectl/v1/ListUpgradesResponse.ts';
import type { ListUpgradesResponse__Output as nodectl_v1_ListUpgradesResponse__Output } from './types/nodectl/v1/ListUpgradesResponse.ts';
import type { PlanAgentReleaseRequest as nodectl_v1_PlanAgentReleaseRequest } from './types/nodectl/v1/PlanAgentReleaseRequest.ts';
import type { PlanAgentReleaseRequest__Output as nodectl_v1_PlanAgentReleaseRequest__Output } from './types/nodectl/v1/PlanAgentReleaseRequest.ts';
import type { PlanAgentReleaseResponse as nodectl_v1_PlanAgentReleaseResponse } from './types/nodectl/v1/PlanAgentReleaseResponse.ts';
import type { PlanAgentReleaseResponse__Output as nodectl_v1_PlanAgentReleaseResponse__Output } from './types/nodectl/v1/PlanAgentReleaseResponse.ts';
import type { PlanConfigRequest as nodectl_v1_PlanConfigRequest } from './types/nodectl/v1/PlanConfigRequest.ts';
import type { PlanConfigRequest__Output as nodectl_v1_PlanConfigRequest__Output } from './types/nodectl/v1/PlanConfigRequest.ts';
import type { PlanConfigResponse as nodectl_v1_PlanConfigResponse } from './types/nodectl/v1/PlanConfigResponse.ts';
import type { PlanConfigResponse__Output as nodectl_v1_PlanConfigResponse__Output } from './types/nodectl/v1/PlanConfigResponse.ts';
import type { PlanUpgradeRequest as nodectl_v1_PlanUpgradeRequest } from './types/nodectl/v1/PlanUpgradeRequest.ts';
import type { PlanUpgradeRequest__Output as nodectl_v1_PlanUpgradeRequest__Output } from './types/nodectl/v1/PlanUpgradeRequest.ts';
import type { PlanUpgradeResponse as nodectl_v1_PlanUpgradeResponse } from './types/nodectl/v1/PlanUpgradeResponse.ts';
import type { PlanUpgradeResponse__Output as nodectl_v1_PlanUpgradeResponse__Output } from './types/nodectl/v1/PlanUpgradeResponse.ts';
import type { ReadAuditRequest as nodectl_v1_ReadAuditRequest } from './types/nodectl/v1/ReadAuditRequest.ts';
import type { ReadAuditRequest__Output as nodectl_v1_ReadAuditRequest__Output } from './types/nodectl/v1/ReadAuditRequest.ts';
import type { ReadAuditResponse as nodectl_v1_ReadAuditResponse } from './types/nodectl/v1/ReadAuditResponse.ts';
import type { ReadAuditResponse__Output as nodectl_v1_ReadAuditResponse__Output } from './types/nodectl/v1/ReadAuditResponse.ts';
import type { ReadHistoryRequest as nodectl_v1_ReadHistoryRequest } from './types/nodectl/v1/ReadHistoryRequest.ts';
import type { ReadHistoryRequest__Output as nodectl_v1_ReadHistoryRequest__Output } from './types/nodectl/v1/ReadHistoryRequest.ts';
import type { ReadHistoryResponse as nodectl_v1_ReadHistoryResponse } from './types/nodectl/v1/ReadHistoryResponse.ts';
import type { ReadHistoryResponse__Output as nodectl_v1_ReadHistoryResponse__Output } from './types/nodectl/v1/ReadHistoryResponse.ts';
import type { ReadLogsRequest as nodectl_v1_ReadLogsRequest } from './types/nodectl/v1/ReadLogsRequest.ts';
import type { ReadLogsRequest__Output as nodectl_v1_ReadLogsRequest__Output } from './types/nodectl/v1/ReadLogsRequest.ts';
import type { ReadLogsResponse as nodectl_v1_ReadLogsResponse } from './types/nodectl/v1/ReadLogsResponse.ts';
import type { ReadLogsResponse__Output as nodectl_v1_ReadLogsResponse__Output } from './types/nodectl/v1/ReadLogsResponse.ts';
import type { RebootUpgradeRequest as nodectl_v1_RebootUpgradeRequest } from './types/nodectl/v1/RebootUpgradeRequest.ts';
import type { RebootUpgradeRequest__Output as nodectl_v1_RebootUpgradeRequest__Output } from './types/nodectl/v1/RebootUpgradeRequest.ts';
import type { RebootUpgradeResponse as nodectl_v1_RebootUpgradeResponse } from './types/nodectl/v1/RebootUpgradeResponse.ts';
import type { RebootUpgradeResponse__Output as nodectl_v1_RebootUpgradeResponse__Output } from './types/nodectl/v1/RebootUpgradeResponse.ts';
import type { RemoveNodeRequest as nodectl_v1_RemoveNodeRequest } from './types/nodectl/v1/RemoveNodeRequest.ts';
import type { RemoveNodeRequest__Output as nodectl_v1_RemoveNodeRequest__Output } from './types/nodectl/v1/RemoveNodeRequest.ts';
import type { RemoveNodeResponse as nodectl_v1_RemoveNodeResponse } from './types/nodectl/v1/RemoveNodeResponse.ts';
import type { RemoveNodeResponse__Output as nodectl_v1_RemoveNodeResponse__Output } from './types/nodectl/v1/RemoveNodeResponse.ts';
import type { RenewRequest as nodectl_v1_RenewRequest } from './types/nodectl/v1/RenewRequest.ts';
import type { RenewRequest__Output as nodectl_v1_RenewRequest__Output } from './types/nodectl/v1/RenewRequest.ts';
import type { RenewResponse as nodectl_v1_RenewResponse } from './types/nodectl/v1/RenewResponse.ts';
import type { RenewResponse__Output as nodectl_v1_RenewResponse__Output } from './types/nodectl/v1/RenewResponse.ts';
import type { RevertAgentReleaseRequest as nodectl_v1_RevertAgentReleaseRequest } from './types/nodectl/v1/RevertAgentReleaseRequest.ts';
import type { RevertAgentReleaseRequest__Output as nodectl_v1_RevertAgentReleaseRequest__Output } from './types/nodectl/v1/RevertAgentReleaseRequest.ts';
import type { RevertAgentReleaseResponse as nodectl_v1_RevertAgentReleaseResponse } from './types/nodectl/v1/RevertAgentReleaseResponse.ts';
import type { RevertAgentReleaseResponse__Output as nodectl_v1_RevertAgentReleaseResponse__Output } from './types/nodectl/v1/RevertAgentReleaseResponse.ts';
import type { RevertConfigRequest as nodectl_v1_RevertConfigRequest } from './types/nodectl/v1/RevertConfigRequest.ts';
import type { RevertConfigRequest__Output as nodectl_v1_RevertConfigRequest__Output } from './types/nodectl/v1/RevertConfigRequest.ts';
import type { RevertConfigResponse as nodectl_v1_RevertConfigResponse } from './types/nodectl/v1/RevertConfigResponse.ts';
import type { RevertConfigResponse__Output as nodectl_v1_RevertConfigResponse__Output } from './types/nodectl/v1/RevertConfigResponse.ts';
import type { RollbackUpgradeRequest as nodectl_v1_RollbackUpgradeRequest } from './types/nodectl/v1/RollbackUpgradeRequest.ts';
import type { RollbackUpgradeRequest__Output as nodectl_v1_RollbackUpgradeRequest__Output } from './types/nodectl/v1/RollbackUpgradeRequest.ts';
import type { RollbackUpgradeResponse as nodectl_v1_RollbackUpgradeResponse } from './types/nodectl/v1/RollbackUpgradeResponse.ts';
import type { RollbackUpgradeResponse__Output as nodectl_v1_RollbackUpgradeResponse__Output } from './types/nodectl/v1/RollbackUpgradeResponse.ts';
import type { SendAgentReleaseRequest as nodectl_v1_SendAgentReleaseRequest } from './types/nodectl/v1/SendAgentReleaseRequest.ts';
import type { SendAgentReleaseRequest__Output as nodectl_v1_SendAgentReleaseRequest__Output } from './types/nodectl/v1/SendAgentReleaseRequest.ts';
import type { SendAgentReleaseResponse as nodectl_v1_SendAgentReleaseResponse } from './types/nodectl/v1/SendAgentReleaseResponse.ts';
import type { SendAgentReleaseResponse__Output as nodectl_v1_SendAgentReleaseResponse__Output } from './types/nodectl/v1/SendAgentReleaseResponse.ts';
import type { ServerReflectionRequest as grpc_reflection_v1_ServerReflectionRequest } from './types/grpc/reflection/v1/ServerReflectionRequest.ts';
import type { ServerReflectionRequest as grpc_reflection_v1alpha_ServerReflectionRequest } from './types/grpc/reflection/v1alpha/ServerReflectionRequest.ts';
import type { ServerReflectionRequest__Output as grpc_reflection_v1_ServerReflectionRequest__Output } from './types/grpc/reflection/v1/ServerReflectionRequest.ts';
import type { ServerReflectionRequest__Output as grpc_reflection_v1alpha_ServerReflectionRequest__Output } from './types/grpc/reflection/v1alpha/ServerReflectionRequest.ts';
import type { ServerReflectionResponse as grpc_reflection_v1_ServerReflectionResponse } from './types/grpc/reflection/v1/ServerReflectionResponse.ts';
import type { ServerReflectionResponse as grpc_reflection_v1alpha_ServerReflectionResponse } from './types/grpc/reflection/v1alpha/ServerReflectionResponse.ts';
import type { ServerReflectionResponse__Output as grpc_reflection_v1_ServerReflectionResponse__Output } from './types/grpc/reflection/v1/ServerReflectionResponse.ts';
import type { ServerReflectionResponse__Output as grpc_reflection_v1alpha_ServerReflectionResponse__Output } from './types/grpc/reflection/v1alpha/ServerReflectionResponse.ts';
import type { StartUpgradeRequest as nodectl_v1_StartUpgradeRequest } from './types/nodectl/v1/StartUpgradeRequest.ts';
import type { StartUpgradeRequest__Output as nodectl_v1_StartUpgradeRequest__Output } from './types/nodectl/v1/StartUpgradeRequest.ts';
import type { StartUpgradeResponse as nodectl_v1_StartUpgradeResponse } from './types/nodectl/v1/StartUpgradeResponse.ts';
import type { StartUpgradeResponse__Output as nodectl_v1_StartUpgradeResponse__Output } from './types/nodectl/v1/StartUpgradeResponse.ts';
import type { TransferImageRequest as nodectl_v1_TransferImageRequest } from './types/nodectl/v1/TransferImageRequest.ts';
import type { TransferImageRequest__Output as nodectl_v1_TransferImageRequest__Output } from './types/nodectl/v1/TransferImageRequest.ts';
import type { TransferImageResponse as nodectl_v1_TransferImageResponse } from './types/nodectl/v1/TransferImageResponse.ts';
import type { TransferImageResponse__Output as nodectl_v1_TransferImageResponse__Output } from './types/nodectl/v1/TransferImageResponse.ts';
import type { UpdateNodeRequest as nodectl_v1_UpdateNodeRequest } from './types/nodectl/v1/UpdateNodeRequest.ts';
import type { UpdateNodeRequest__Output as nodectl_v1_UpdateNodeRequest__Output } from './types/nodectl/v1/UpdateNodeRequest.ts';
import type { UpdateNodeResponse as nodectl_v1_UpdateNodeResponse } from './types/nodectl/v1/UpdateNodeResponse.ts';
import type { UpdateNodeResponse__Output as nodectl_v1_UpdateNodeResponse__Output } from './types/nodectl/v1/UpdateNodeResponse.ts';
import type { UseAgentReleaseRequest as nodectl_v1_UseAgentReleaseRequest } from './types/nodectl/v1/UseAgentReleaseRequest.ts';
import type { UseAgentReleaseRequest__Output as nodectl_v1_UseAgentReleaseRequest__Output } from './types/nodectl/v1/UseAgentReleaseRequest.ts';
import type { UseAgentReleaseResponse as nodectl_v1_UseAgentReleaseResponse } from './types/nodectl/v1/UseAgentReleaseResponse.ts';
import type { UseAgentReleaseResponse__Output as nodectl_v1_UseAgentReleaseResponse__Output } from './types/nodectl/v1/UseAgentReleaseResponse.ts';
import type { WatchUpgradeRequest as nodectl_v1_WatchUpgradeRequest } from './types/nodectl/v1/WatchUpgradeRequest.ts';
import type { WatchUpgradeRequest__Output as nodectl_v1_WatchUpgradeRequest__Output } from './types/nodectl/v1/WatchUpgradeRequest.ts';
import type { WatchUpgradeResponse as nodectl_v1_WatchUpgradeResponse } from './types/nodectl/v1/WatchUpgradeResponse.ts';
import type { WatchUpgradeResponse__Output as nodectl_v1_WatchUpgradeResponse__Output } from './types/nodectl/v1/WatchUpgradeResponse.ts';
import type { WhoAmIRequest as nodectl_v1_WhoAmIRequest } from './types/nodectl/v1/WhoAmIRequest.ts';
import type { WhoAmIRequest__Output as nodectl_v1_WhoAmIRequest__Output } from './types/nodectl/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as nodectl_v1_WhoAmIResponse } from './types/nodectl/v1/WhoAmIResponse.ts';
import type { WhoAmIResponse__Output as nodectl_v1_WhoAmIResponse__Output } from './types/nodectl/v1/WhoAmIResponse.ts';

/** Methods with one request and one response: as the caller sends and gets them, as the server receives and answers them. */
export interface UnaryMethods {
  'grpc.health.v1.Health/Check': {
    request: grpc_health_v1_HealthCheckRequest;
    received: grpc_health_v1_HealthCheckRequest__Output;
    response: grpc_health_v1_HealthCheckResponse__Output;
    answer: grpc_health_v1_HealthCheckResponse;
  };
  'nodectl.v1.AccessService/WhoAmI': {
    request: nodectl_v1_WhoAmIRequest;
    received: nodectl_v1_WhoAmIRequest__Output;
    response: nodectl_v1_WhoAmIResponse__Output;
    answer: nodectl_v1_WhoAmIResponse;
  };
  'nodectl.v1.AccessService/ListDenied': {
    request: nodectl_v1_ListDeniedRequest;
    received: nodectl_v1_ListDeniedRequest__Output;
    response: nodectl_v1_ListDeniedResponse__Output;
    answer: nodectl_v1_ListDeniedResponse;
  };
  'nodectl.v1.AccessService/Deny': {
    request: nodectl_v1_DenyRequest;
    received: nodectl_v1_DenyRequest__Output;
    response: nodectl_v1_DenyResponse__Output;
    answer: nodectl_v1_DenyResponse;
  };
  'nodectl.v1.AccessService/Allow': {
    request: nodectl_v1_AllowRequest;
    received: nodectl_v1_AllowRequest__Output;
    response: nodectl_v1_AllowResponse__Output;
    answer: nodectl_v1_AllowResponse;
  };
  'nodectl.v1.AccessService/ChangeTrust': {
    request: nodectl_v1_ChangeTrustRequest;
    received: nodectl_v1_ChangeTrustRequest__Output;
    response: nodectl_v1_ChangeTrustResponse__Output;
    answer: nodectl_v1_ChangeTrustResponse;
  };
  'nodectl.v1.AgentReleaseService/GetAgentRelease': {
    request: nodectl_v1_GetAgentReleaseRequest;
    received: nodectl_v1_GetAgentReleaseRequest__Output;
    response: nodectl_v1_GetAgentReleaseResponse__Output;
    answer: nodectl_v1_GetAgentReleaseResponse;
  };
  'nodectl.v1.AgentReleaseService/PlanAgentRelease': {
    request: nodectl_v1_PlanAgentReleaseRequest;
    received: nodectl_v1_PlanAgentReleaseRequest__Output;
    response: nodectl_v1_PlanAgentReleaseResponse__Output;
    answer: nodectl_v1_PlanAgentReleaseResponse;
  };
  'nodectl.v1.AgentReleaseService/UseAgentRelease': {
    request: nodectl_v1_UseAgentReleaseRequest;
    received: nodectl_v1_UseAgentReleaseRequest__Output;
    response: nodectl_v1_UseAgentReleaseResponse__Output;
    answer: nodectl_v1_UseAgentReleaseResponse;
  };
  'nodectl.v1.AgentReleaseService/ConfirmAgentRelease': {
    request: nodectl_v1_ConfirmAgentReleaseRequest;
    received: nodectl_v1_ConfirmAgentReleaseRequest__Output;
    response: nodectl_v1_ConfirmAgentReleaseResponse__Output;
    answer: nodectl_v1_ConfirmAgentReleaseResponse;
  };
  'nodectl.v1.AgentReleaseService/RevertAgentRelease': {
    request: nodectl_v1_RevertAgentReleaseRequest;
    received: nodectl_v1_RevertAgentReleaseRequest__Output;
    response: nodectl_v1_RevertAgentReleaseResponse__Output;
    answer: nodectl_v1_RevertAgentReleaseResponse;
  };
  'nodectl.v1.UpgradeService/PlanUpgrade': {
    request: nodectl_v1_PlanUpgradeRequest;
    received: nodectl_v1_PlanUpgradeRequest__Output;
    response: nodectl_v1_PlanUpgradeResponse__Output;
    answer: nodectl_v1_PlanUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/StartUpgrade': {
    request: nodectl_v1_StartUpgradeRequest;
    received: nodectl_v1_StartUpgradeRequest__Output;
    response: nodectl_v1_StartUpgradeResponse__Output;
    answer: nodectl_v1_StartUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/RebootUpgrade': {
    request: nodectl_v1_RebootUpgradeRequest;
    received: nodectl_v1_RebootUpgradeRequest__Output;
    response: nodectl_v1_RebootUpgradeResponse__Output;
    answer: nodectl_v1_RebootUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/ConfirmUpgrade': {
    request: nodectl_v1_ConfirmUpgradeRequest;
    received: nodectl_v1_ConfirmUpgradeRequest__Output;
    response: nodectl_v1_ConfirmUpgradeResponse__Output;
    answer: nodectl_v1_ConfirmUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/AbortUpgrade': {
    request: nodectl_v1_AbortUpgradeRequest;
    received: nodectl_v1_AbortUpgradeRequest__Output;
    response: nodectl_v1_AbortUpgradeResponse__Output;
    answer: nodectl_v1_AbortUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/RollbackUpgrade': {
    request: nodectl_v1_RollbackUpgradeRequest;
    received: nodectl_v1_RollbackUpgradeRequest__Output;
    response: nodectl_v1_RollbackUpgradeResponse__Output;
    answer: nodectl_v1_RollbackUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/GetUpgrade': {
    request: nodectl_v1_GetUpgradeRequest;
    received: nodectl_v1_GetUpgradeRequest__Output;
    response: nodectl_v1_GetUpgradeResponse__Output;
    answer: nodectl_v1_GetUpgradeResponse;
  };
  'nodectl.v1.UpgradeService/ListUpgrades': {
    request: nodectl_v1_ListUpgradesRequest;
    received: nodectl_v1_ListUpgradesRequest__Output;
    response: nodectl_v1_ListUpgradesResponse__Output;
    answer: nodectl_v1_ListUpgradesResponse;
  };
  'nodectl.v1.UpgradeService/ListSlots': {
    request: nodectl_v1_ListSlotsRequest;
    received: nodectl_v1_ListSlotsRequest__Output;
    response: nodectl_v1_ListSlotsResponse__Output;
    answer: nodectl_v1_ListSlotsResponse;
  };
  'nodectl.v1.ClockService/GetClock': {
    request: nodectl_v1_GetClockRequest;
    received: nodectl_v1_GetClockRequest__Output;
    response: nodectl_v1_GetClockResponse__Output;
    answer: nodectl_v1_GetClockResponse;
  };
  'nodectl.v1.ClockService/ExchangeTime': {
    request: nodectl_v1_ExchangeTimeRequest;
    received: nodectl_v1_ExchangeTimeRequest__Output;
    response: nodectl_v1_ExchangeTimeResponse__Output;
    answer: nodectl_v1_ExchangeTimeResponse;
  };
  'nodectl.v1.DiagnosticsService/Diagnose': {
    request: nodectl_v1_DiagnoseRequest;
    received: nodectl_v1_DiagnoseRequest__Output;
    response: nodectl_v1_DiagnoseResponse__Output;
    answer: nodectl_v1_DiagnoseResponse;
  };
  'nodectl.v1.DiagnosticsService/ListChecks': {
    request: nodectl_v1_ListChecksRequest;
    received: nodectl_v1_ListChecksRequest__Output;
    response: nodectl_v1_ListChecksResponse__Output;
    answer: nodectl_v1_ListChecksResponse;
  };
  'nodectl.v1.ConfigService/PlanConfig': {
    request: nodectl_v1_PlanConfigRequest;
    received: nodectl_v1_PlanConfigRequest__Output;
    response: nodectl_v1_PlanConfigResponse__Output;
    answer: nodectl_v1_PlanConfigResponse;
  };
  'nodectl.v1.ConfigService/ApplyConfig': {
    request: nodectl_v1_ApplyConfigRequest;
    received: nodectl_v1_ApplyConfigRequest__Output;
    response: nodectl_v1_ApplyConfigResponse__Output;
    answer: nodectl_v1_ApplyConfigResponse;
  };
  'nodectl.v1.ConfigService/ConfirmConfig': {
    request: nodectl_v1_ConfirmConfigRequest;
    received: nodectl_v1_ConfirmConfigRequest__Output;
    response: nodectl_v1_ConfirmConfigResponse__Output;
    answer: nodectl_v1_ConfirmConfigResponse;
  };
  'nodectl.v1.ConfigService/RevertConfig': {
    request: nodectl_v1_RevertConfigRequest;
    received: nodectl_v1_RevertConfigRequest__Output;
    response: nodectl_v1_RevertConfigResponse__Output;
    answer: nodectl_v1_RevertConfigResponse;
  };
  'nodectl.v1.ConfigService/GetConfig': {
    request: nodectl_v1_GetConfigRequest;
    received: nodectl_v1_GetConfigRequest__Output;
    response: nodectl_v1_GetConfigResponse__Output;
    answer: nodectl_v1_GetConfigResponse;
  };
  'nodectl.v1.ConfigService/ListRevisions': {
    request: nodectl_v1_ListRevisionsRequest;
    received: nodectl_v1_ListRevisionsRequest__Output;
    response: nodectl_v1_ListRevisionsResponse__Output;
    answer: nodectl_v1_ListRevisionsResponse;
  };
  'nodectl.v1.ConfigService/GetDrift': {
    request: nodectl_v1_GetDriftRequest;
    received: nodectl_v1_GetDriftRequest__Output;
    response: nodectl_v1_GetDriftResponse__Output;
    answer: nodectl_v1_GetDriftResponse;
  };
  'nodectl.v1.ConfigService/CaptureConfig': {
    request: nodectl_v1_CaptureConfigRequest;
    received: nodectl_v1_CaptureConfigRequest__Output;
    response: nodectl_v1_CaptureConfigResponse__Output;
    answer: nodectl_v1_CaptureConfigResponse;
  };
  'nodectl.v1.ConfigService/GetSealKey': {
    request: nodectl_v1_GetSealKeyRequest;
    received: nodectl_v1_GetSealKeyRequest__Output;
    response: nodectl_v1_GetSealKeyResponse__Output;
    answer: nodectl_v1_GetSealKeyResponse;
  };
  'nodectl.v1.EnrolmentService/Enrol': {
    request: nodectl_v1_EnrolRequest;
    received: nodectl_v1_EnrolRequest__Output;
    response: nodectl_v1_EnrolResponse__Output;
    answer: nodectl_v1_EnrolResponse;
  };
  'nodectl.v1.IssuerService/Renew': {
    request: nodectl_v1_RenewRequest;
    received: nodectl_v1_RenewRequest__Output;
    response: nodectl_v1_RenewResponse__Output;
    answer: nodectl_v1_RenewResponse;
  };
  'nodectl.v1.IssuerService/CreateToken': {
    request: nodectl_v1_CreateTokenRequest;
    received: nodectl_v1_CreateTokenRequest__Output;
    response: nodectl_v1_CreateTokenResponse__Output;
    answer: nodectl_v1_CreateTokenResponse;
  };
  'nodectl.v1.IssuerService/ListNodes': {
    request: nodectl_v1_ListNodesRequest;
    received: nodectl_v1_ListNodesRequest__Output;
    response: nodectl_v1_ListNodesResponse__Output;
    answer: nodectl_v1_ListNodesResponse;
  };
  'nodectl.v1.IssuerService/UpdateNode': {
    request: nodectl_v1_UpdateNodeRequest;
    received: nodectl_v1_UpdateNodeRequest__Output;
    response: nodectl_v1_UpdateNodeResponse__Output;
    answer: nodectl_v1_UpdateNodeResponse;
  };
  'nodectl.v1.IssuerService/RemoveNode': {
    request: nodectl_v1_RemoveNodeRequest;
    received: nodectl_v1_RemoveNodeRequest__Output;
    response: nodectl_v1_RemoveNodeResponse__Output;
    answer: nodectl_v1_RemoveNodeResponse;
  };
  'nodectl.v1.KernelService/GetKernel': {
    request: nodectl_v1_GetKernelRequest;
    received: nodectl_v1_GetKernelRequest__Output;
    response: nodectl_v1_GetKernelResponse__Output;
    answer: nodectl_v1_GetKernelResponse;
  };
  'nodectl.v1.KernelService/ListTroubles': {
    request: nodectl_v1_ListTroublesRequest;
    received: nodectl_v1_ListTroublesRequest__Output;
    response: nodectl_v1_ListTroublesResponse__Output;
    answer: nodectl_v1_ListTroublesResponse;
  };
  'nodectl.v1.LogsService/ListSources': {
    request: nodectl_v1_ListSourcesRequest;
    received: nodectl_v1_ListSourcesRequest__Output;
    response: nodectl_v1_ListSourcesResponse__Output;
    answer: nodectl_v1_ListSourcesResponse;
  };
  'nodectl.v1.MetricsService/GetMetrics': {
    request: nodectl_v1_GetMetricsRequest;
    received: nodectl_v1_GetMetricsRequest__Output;
    response: nodectl_v1_GetMetricsResponse__Output;
    answer: nodectl_v1_GetMetricsResponse;
  };
  'nodectl.v1.NicService/ListNics': {
    request: nodectl_v1_ListNicsRequest;
    received: nodectl_v1_ListNicsRequest__Output;
    response: nodectl_v1_ListNicsResponse__Output;
    answer: nodectl_v1_ListNicsResponse;
  };
  'nodectl.v1.PeerService/CallBack': {
    request: nodectl_v1_CallBackRequest;
    received: nodectl_v1_CallBackRequest__Output;
    response: nodectl_v1_CallBackResponse__Output;
    answer: nodectl_v1_CallBackResponse;
  };
  'nodectl.v1.SystemService/GetVersion': {
    request: nodectl_v1_GetVersionRequest;
    received: nodectl_v1_GetVersionRequest__Output;
    response: nodectl_v1_GetVersionResponse__Output;
    answer: nodectl_v1_GetVersionResponse;
  };
  'nodectl.v1.SystemService/GetNode': {
    request: nodectl_v1_GetNodeRequest;
    received: nodectl_v1_GetNodeRequest__Output;
    response: nodectl_v1_GetNodeResponse__Output;
    answer: nodectl_v1_GetNodeResponse;
  };
}

/** Methods with one request and a stream of responses. */
export interface ServerStreamMethods {
  'grpc.health.v1.Health/Watch': {
    request: grpc_health_v1_HealthCheckRequest;
    received: grpc_health_v1_HealthCheckRequest__Output;
    response: grpc_health_v1_HealthCheckResponse__Output;
    answer: grpc_health_v1_HealthCheckResponse;
  };
  'nodectl.v1.AccessService/ReadAudit': {
    request: nodectl_v1_ReadAuditRequest;
    received: nodectl_v1_ReadAuditRequest__Output;
    response: nodectl_v1_ReadAuditResponse__Output;
    answer: nodectl_v1_ReadAuditResponse;
  };
  'nodectl.v1.UpgradeService/WatchUpgrade': {
    request: nodectl_v1_WatchUpgradeRequest;
    received: nodectl_v1_WatchUpgradeRequest__Output;
    response: nodectl_v1_WatchUpgradeResponse__Output;
    answer: nodectl_v1_WatchUpgradeResponse;
  };
  'nodectl.v1.BundleService/CollectBundle': {
    request: nodectl_v1_CollectBundleRequest;
    received: nodectl_v1_CollectBundleRequest__Output;
    response: nodectl_v1_CollectBundleResponse__Output;
    answer: nodectl_v1_CollectBundleResponse;
  };
  'nodectl.v1.HistoryService/ReadHistory': {
    request: nodectl_v1_ReadHistoryRequest;
    received: nodectl_v1_ReadHistoryRequest__Output;
    response: nodectl_v1_ReadHistoryResponse__Output;
    answer: nodectl_v1_ReadHistoryResponse;
  };
  'nodectl.v1.LogsService/ReadLogs': {
    request: nodectl_v1_ReadLogsRequest;
    received: nodectl_v1_ReadLogsRequest__Output;
    response: nodectl_v1_ReadLogsResponse__Output;
    answer: nodectl_v1_ReadLogsResponse;
  };
}

/** Methods with a stream of requests and a stream of responses. */
export interface BidiStreamMethods {
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo': {
    request: grpc_reflection_v1_ServerReflectionRequest;
    received: grpc_reflection_v1_ServerReflectionRequest__Output;
    response: grpc_reflection_v1_ServerReflectionResponse__Output;
    answer: grpc_reflection_v1_ServerReflectionResponse;
  };
  'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': {
    request: grpc_reflection_v1alpha_ServerReflectionRequest;
    received: grpc_reflection_v1alpha_ServerReflectionRequest__Output;
    response: grpc_reflection_v1alpha_ServerReflectionResponse__Output;
    answer: grpc_reflection_v1alpha_ServerReflectionResponse;
  };
  'nodectl.v1.AgentReleaseService/SendAgentRelease': {
    request: nodectl_v1_SendAgentReleaseRequest;
    received: nodectl_v1_SendAgentReleaseRequest__Output;
    response: nodectl_v1_SendAgentReleaseResponse__Output;
    answer: nodectl_v1_SendAgentReleaseResponse;
  };
  'nodectl.v1.UpgradeService/TransferImage': {
    request: nodectl_v1_TransferImageRequest;
    received: nodectl_v1_TransferImageRequest__Output;
    response: nodectl_v1_TransferImageResponse__Output;
    answer: nodectl_v1_TransferImageResponse;
  };
}
