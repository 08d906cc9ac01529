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
import type { CreateTokenRequest as _nodectl_v1_CreateTokenRequest, CreateTokenRequest__Output as _nodectl_v1_CreateTokenRequest__Output } from './nodectl/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _nodectl_v1_CreateTokenResponse, CreateTokenResponse__Output as _nodectl_v1_CreateTokenResponse__Output } from './nodectl/v1/CreateTokenResponse.ts';
import type { EnrolRequest as _nodectl_v1_EnrolRequest, EnrolRequest__Output as _nodectl_v1_EnrolRequest__Output } from './nodectl/v1/EnrolRequest.ts';
import type { EnrolResponse as _nodectl_v1_EnrolResponse, EnrolResponse__Output as _nodectl_v1_EnrolResponse__Output } from './nodectl/v1/EnrolResponse.ts';
import type { EnrolmentServiceClient as _nodectl_v1_EnrolmentServiceClient, EnrolmentServiceDefinition as _nodectl_v1_EnrolmentServiceDefinition } from './nodectl/v1/EnrolmentService.ts';
import type { IssuerServiceClient as _nodectl_v1_IssuerServiceClient, IssuerServiceDefinition as _nodectl_v1_IssuerServiceDefinition } from './nodectl/v1/IssuerService.ts';
import type { ListNodesRequest as _nodectl_v1_ListNodesRequest, ListNodesRequest__Output as _nodectl_v1_ListNodesRequest__Output } from './nodectl/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _nodectl_v1_ListNodesResponse, ListNodesResponse__Output as _nodectl_v1_ListNodesResponse__Output } from './nodectl/v1/ListNodesResponse.ts';
import type { RegisteredNode as _nodectl_v1_RegisteredNode, RegisteredNode__Output as _nodectl_v1_RegisteredNode__Output } from './nodectl/v1/RegisteredNode.ts';
import type { RemoveNodeRequest as _nodectl_v1_RemoveNodeRequest, RemoveNodeRequest__Output as _nodectl_v1_RemoveNodeRequest__Output } from './nodectl/v1/RemoveNodeRequest.ts';
import type { RemoveNodeResponse as _nodectl_v1_RemoveNodeResponse, RemoveNodeResponse__Output as _nodectl_v1_RemoveNodeResponse__Output } from './nodectl/v1/RemoveNodeResponse.ts';
import type { RenewRequest as _nodectl_v1_RenewRequest, RenewRequest__Output as _nodectl_v1_RenewRequest__Output } from './nodectl/v1/RenewRequest.ts';
import type { RenewResponse as _nodectl_v1_RenewResponse, RenewResponse__Output as _nodectl_v1_RenewResponse__Output } from './nodectl/v1/RenewResponse.ts';
import type { UpdateNodeRequest as _nodectl_v1_UpdateNodeRequest, UpdateNodeRequest__Output as _nodectl_v1_UpdateNodeRequest__Output } from './nodectl/v1/UpdateNodeRequest.ts';
import type { UpdateNodeResponse as _nodectl_v1_UpdateNodeResponse, UpdateNodeResponse__Output as _nodectl_v1_UpdateNodeResponse__Output } from './nodectl/v1/UpdateNodeResponse.ts';

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
      CreateTokenRequest: MessageTypeDefinition<_nodectl_v1_CreateTokenRequest, _nodectl_v1_CreateTokenRequest__Output>
      CreateTokenResponse: MessageTypeDefinition<_nodectl_v1_CreateTokenResponse, _nodectl_v1_CreateTokenResponse__Output>
      EnrolRequest: MessageTypeDefinition<_nodectl_v1_EnrolRequest, _nodectl_v1_EnrolRequest__Output>
      EnrolResponse: MessageTypeDefinition<_nodectl_v1_EnrolResponse, _nodectl_v1_EnrolResponse__Output>
      /**
       * Gives a node its first certificate. Served on an issuer's enrolment port, where callers have no certificate.
       */
      EnrolmentService: SubtypeConstructor<typeof grpc.Client, _nodectl_v1_EnrolmentServiceClient> & { service: _nodectl_v1_EnrolmentServiceDefinition }
      /**
       * Renews nodes' certificates and keeps the register of enrolled nodes.
       */
      IssuerService: SubtypeConstructor<typeof grpc.Client, _nodectl_v1_IssuerServiceClient> & { service: _nodectl_v1_IssuerServiceDefinition }
      ListNodesRequest: MessageTypeDefinition<_nodectl_v1_ListNodesRequest, _nodectl_v1_ListNodesRequest__Output>
      ListNodesResponse: MessageTypeDefinition<_nodectl_v1_ListNodesResponse, _nodectl_v1_ListNodesResponse__Output>
      Permission: EnumTypeDefinition
      RegisteredNode: MessageTypeDefinition<_nodectl_v1_RegisteredNode, _nodectl_v1_RegisteredNode__Output>
      RemoveNodeRequest: MessageTypeDefinition<_nodectl_v1_RemoveNodeRequest, _nodectl_v1_RemoveNodeRequest__Output>
      RemoveNodeResponse: MessageTypeDefinition<_nodectl_v1_RemoveNodeResponse, _nodectl_v1_RemoveNodeResponse__Output>
      RenewRequest: MessageTypeDefinition<_nodectl_v1_RenewRequest, _nodectl_v1_RenewRequest__Output>
      RenewResponse: MessageTypeDefinition<_nodectl_v1_RenewResponse, _nodectl_v1_RenewResponse__Output>
      UpdateNodeRequest: MessageTypeDefinition<_nodectl_v1_UpdateNodeRequest, _nodectl_v1_UpdateNodeRequest__Output>
      UpdateNodeResponse: MessageTypeDefinition<_nodectl_v1_UpdateNodeResponse, _nodectl_v1_UpdateNodeResponse__Output>
    }
  }
}

