// @ts-nocheck
import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DescriptorProto as _google_protobuf_DescriptorProto, DescriptorProto__Output as _google_protobuf_DescriptorProto__Output } from './google/protobuf/DescriptorProto.ts';
import type { EnumDescriptorProto as _google_protobuf_EnumDescriptorProto, EnumDescriptorProto__Output as _google_protobuf_EnumDescriptorProto__Output } from './google/protobuf/EnumDescriptorProto.ts';
import type { EnumOptions as _google_protobuf_EnumOptions, EnumOptions__Output as _google_protobuf_EnumOptions__Output } from './google/protobuf/EnumOptions.ts';
import type { EnumValueDescriptorProto as _google_protobuf_EnumValueDescriptorProto, EnumValueDescriptorProto__Output as _google_protobuf_EnumValueDescriptorProto__Output } from './google/protobuf/EnumValueDescriptorProto.ts';
import type { EnumValueOptions as _google_protobuf_EnumValueOptions, EnumValueOptions__Output as _google_protobuf_EnumValueOptions__Output } from './google/protobuf/EnumValueOptions.ts';
import type { ExtensionRangeOptions as _google_protobuf_ExtensionRangeOptions, ExtensionRangeOptions__Output as _google_protobuf_ExtensionRangeOptions__Output } from './google/protobuf/ExtensionRangeOptions.ts';
import type { FeatureSet as _google_protobuf_FeatureSet, FeatureSet__Output as _google_protobuf_FeatureSet__Output } from './google/protobuf/FeatureSet.ts';
import type { FeatureSetDefaults as _google_protobuf_FeatureSetDefaults, FeatureSetDefaults__Output as _google_protobuf_FeatureSetDefaults__Output } from './google/protobuf/FeatureSetDefaults.ts';
import type { FieldDescriptorProto as _google_protobuf_FieldDescriptorProto, FieldDescriptorProto__Output as _google_protobuf_FieldDescriptorProto__Output } from './google/protobuf/FieldDescriptorProto.ts';
import type { FieldOptions as _google_protobuf_FieldOptions, FieldOptions__Output as _google_protobuf_FieldOptions__Output } from './google/protobuf/FieldOptions.ts';
import type { FileDescriptorProto as _google_protobuf_FileDescriptorProto, FileDescriptorProto__Output as _google_protobuf_FileDescriptorProto__Output } from './google/protobuf/FileDescriptorProto.ts';
import type { FileDescriptorSet as _google_protobuf_FileDescriptorSet, FileDescriptorSet__Output as _google_protobuf_FileDescriptorSet__Output } from './google/protobuf/FileDescriptorSet.ts';
import type { FileOptions as _google_protobuf_FileOptions, FileOptions__Output as _google_protobuf_FileOptions__Output } from './google/protobuf/FileOptions.ts';
import type { GeneratedCodeInfo as _google_protobuf_GeneratedCodeInfo, GeneratedCodeInfo__Output as _google_protobuf_GeneratedCodeInfo__Output } from './google/protobuf/GeneratedCodeInfo.ts';
import type { MessageOptions as _google_protobuf_MessageOptions, MessageOptions__Output as _google_protobuf_MessageOptions__Output } from './google/protobuf/MessageOptions.ts';
import type { MethodDescriptorProto as _google_protobuf_MethodDescriptorProto, MethodDescriptorProto__Output as _google_protobuf_MethodDescriptorProto__Output } from './google/protobuf/MethodDescriptorProto.ts';
import type { MethodOptions as _google_protobuf_MethodOptions, MethodOptions__Output as _google_protobuf_MethodOptions__Output } from './google/protobuf/MethodOptions.ts';
import type { OneofDescriptorProto as _google_protobuf_OneofDescriptorProto, OneofDescriptorProto__Output as _google_protobuf_OneofDescriptorProto__Output } from './google/protobuf/OneofDescriptorProto.ts';
import type { OneofOptions as _google_protobuf_OneofOptions, OneofOptions__Output as _google_protobuf_OneofOptions__Output } from './google/protobuf/OneofOptions.ts';
import type { ServiceDescriptorProto as _google_protobuf_ServiceDescriptorProto, ServiceDescriptorProto__Output as _google_protobuf_ServiceDescriptorProto__Output } from './google/protobuf/ServiceDescriptorProto.ts';
import type { ServiceOptions as _google_protobuf_ServiceOptions, ServiceOptions__Output as _google_protobuf_ServiceOptions__Output } from './google/protobuf/ServiceOptions.ts';
import type { SourceCodeInfo as _google_protobuf_SourceCodeInfo, SourceCodeInfo__Output as _google_protobuf_SourceCodeInfo__Output } from './google/protobuf/SourceCodeInfo.ts';
import type { UninterpretedOption as _google_protobuf_UninterpretedOption, UninterpretedOption__Output as _google_protobuf_UninterpretedOption__Output } from './google/protobuf/UninterpretedOption.ts';
import type { AccessServiceClient as _nodectl_v1_AccessServiceClient, AccessServiceDefinition as _nodectl_v1_AccessServiceDefinition } from './nodectl/v1/AccessService.ts';
import type { AllowRequest as _nodectl_v1_AllowRequest, AllowRequest__Output as _nodectl_v1_AllowRequest__Output } from './nodectl/v1/AllowRequest.ts';
import type { AllowResponse as _nodectl_v1_AllowResponse, AllowResponse__Output as _nodectl_v1_AllowResponse__Output } from './nodectl/v1/AllowResponse.ts';
import type { AuditRecord as _nodectl_v1_AuditRecord, AuditRecord__Output as _nodectl_v1_AuditRecord__Output } from './nodectl/v1/AuditRecord.ts';
import type { Denied as _nodectl_v1_Denied, Denied__Output as _nodectl_v1_Denied__Output } from './nodectl/v1/Denied.ts';
import type { DenyRequest as _nodectl_v1_DenyRequest, DenyRequest__Output as _nodectl_v1_DenyRequest__Output } from './nodectl/v1/DenyRequest.ts';
import type { DenyResponse as _nodectl_v1_DenyResponse, DenyResponse__Output as _nodectl_v1_DenyResponse__Output } from './nodectl/v1/DenyResponse.ts';
import type { ListDeniedRequest as _nodectl_v1_ListDeniedRequest, ListDeniedRequest__Output as _nodectl_v1_ListDeniedRequest__Output } from './nodectl/v1/ListDeniedRequest.ts';
import type { ListDeniedResponse as _nodectl_v1_ListDeniedResponse, ListDeniedResponse__Output as _nodectl_v1_ListDeniedResponse__Output } from './nodectl/v1/ListDeniedResponse.ts';
import type { ReadAuditRequest as _nodectl_v1_ReadAuditRequest, ReadAuditRequest__Output as _nodectl_v1_ReadAuditRequest__Output } from './nodectl/v1/ReadAuditRequest.ts';
import type { ReadAuditResponse as _nodectl_v1_ReadAuditResponse, ReadAuditResponse__Output as _nodectl_v1_ReadAuditResponse__Output } from './nodectl/v1/ReadAuditResponse.ts';
import type { WhoAmIRequest as _nodectl_v1_WhoAmIRequest, WhoAmIRequest__Output as _nodectl_v1_WhoAmIRequest__Output } from './nodectl/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _nodectl_v1_WhoAmIResponse, WhoAmIResponse__Output as _nodectl_v1_WhoAmIResponse__Output } from './nodectl/v1/WhoAmIResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      DescriptorProto: MessageTypeDefinition<_google_protobuf_DescriptorProto, _google_protobuf_DescriptorProto__Output>
      Edition: EnumTypeDefinition
      EnumDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumDescriptorProto, _google_protobuf_EnumDescriptorProto__Output>
      EnumOptions: MessageTypeDefinition<_google_protobuf_EnumOptions, _google_protobuf_EnumOptions__Output>
      EnumValueDescriptorProto: MessageTypeDefinition<_google_protobuf_EnumValueDescriptorProto, _google_protobuf_EnumValueDescriptorProto__Output>
      EnumValueOptions: MessageTypeDefinition<_google_protobuf_EnumValueOptions, _google_protobuf_EnumValueOptions__Output>
      ExtensionRangeOptions: MessageTypeDefinition<_google_protobuf_ExtensionRangeOptions, _google_protobuf_ExtensionRangeOptions__Output>
      FeatureSet: MessageTypeDefinition<_google_protobuf_FeatureSet, _google_protobuf_FeatureSet__Output>
      FeatureSetDefaults: MessageTypeDefinition<_google_protobuf_FeatureSetDefaults, _google_protobuf_FeatureSetDefaults__Output>
      FieldDescriptorProto: MessageTypeDefinition<_google_protobuf_FieldDescriptorProto, _google_protobuf_FieldDescriptorProto__Output>
      FieldOptions: MessageTypeDefinition<_google_protobuf_FieldOptions, _google_protobuf_FieldOptions__Output>
      FileDescriptorProto: MessageTypeDefinition<_google_protobuf_FileDescriptorProto, _google_protobuf_FileDescriptorProto__Output>
      FileDescriptorSet: MessageTypeDefinition<_google_protobuf_FileDescriptorSet, _google_protobuf_FileDescriptorSet__Output>
      FileOptions: MessageTypeDefinition<_google_protobuf_FileOptions, _google_protobuf_FileOptions__Output>
      GeneratedCodeInfo: MessageTypeDefinition<_google_protobuf_GeneratedCodeInfo, _google_protobuf_GeneratedCodeInfo__Output>
      MessageOptions: MessageTypeDefinition<_google_protobuf_MessageOptions, _google_protobuf_MessageOptions__Output>
      MethodDescriptorProto: MessageTypeDefinition<_google_protobuf_MethodDescriptorProto, _google_protobuf_MethodDescriptorProto__Output>
      MethodOptions: MessageTypeDefinition<_google_protobuf_MethodOptions, _google_protobuf_MethodOptions__Output>
      OneofDescriptorProto: MessageTypeDefinition<_google_protobuf_OneofDescriptorProto, _google_protobuf_OneofDescriptorProto__Output>
      OneofOptions: MessageTypeDefinition<_google_protobuf_OneofOptions, _google_protobuf_OneofOptions__Output>
      ServiceDescriptorProto: MessageTypeDefinition<_google_protobuf_ServiceDescriptorProto, _google_protobuf_ServiceDescriptorProto__Output>
      ServiceOptions: MessageTypeDefinition<_google_protobuf_ServiceOptions, _google_protobuf_ServiceOptions__Output>
      SourceCodeInfo: MessageTypeDefinition<_google_protobuf_SourceCodeInfo, _google_protobuf_SourceCodeInfo__Output>
      SymbolVisibility: EnumTypeDefinition
      UninterpretedOption: MessageTypeDefinition<_google_protobuf_UninterpretedOption, _google_protobuf_UninterpretedOption__Output>
    }
  }
  nodectl: {
    v1: {
      /**
       * Who may call a node, and who did.
       */
      AccessService: SubtypeConstructor<typeof grpc.Client, _nodectl_v1_AccessServiceClient> & { service: _nodectl_v1_AccessServiceDefinition }
      AllowRequest: MessageTypeDefinition<_nodectl_v1_AllowRequest, _nodectl_v1_AllowRequest__Output>
      AllowResponse: MessageTypeDefinition<_nodectl_v1_AllowResponse, _nodectl_v1_AllowResponse__Output>
      AuditRecord: MessageTypeDefinition<_nodectl_v1_AuditRecord, _nodectl_v1_AuditRecord__Output>
      Denied: MessageTypeDefinition<_nodectl_v1_Denied, _nodectl_v1_Denied__Output>
      DenyRequest: MessageTypeDefinition<_nodectl_v1_DenyRequest, _nodectl_v1_DenyRequest__Output>
      DenyResponse: MessageTypeDefinition<_nodectl_v1_DenyResponse, _nodectl_v1_DenyResponse__Output>
      ListDeniedRequest: MessageTypeDefinition<_nodectl_v1_ListDeniedRequest, _nodectl_v1_ListDeniedRequest__Output>
      ListDeniedResponse: MessageTypeDefinition<_nodectl_v1_ListDeniedResponse, _nodectl_v1_ListDeniedResponse__Output>
      Permission: EnumTypeDefinition
      ReadAuditRequest: MessageTypeDefinition<_nodectl_v1_ReadAuditRequest, _nodectl_v1_ReadAuditRequest__Output>
      ReadAuditResponse: MessageTypeDefinition<_nodectl_v1_ReadAuditResponse, _nodectl_v1_ReadAuditResponse__Output>
      WhoAmIRequest: MessageTypeDefinition<_nodectl_v1_WhoAmIRequest, _nodectl_v1_WhoAmIRequest__Output>
      WhoAmIResponse: MessageTypeDefinition<_nodectl_v1_WhoAmIResponse, _nodectl_v1_WhoAmIResponse__Output>
    }
  }
}

