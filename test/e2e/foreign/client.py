"""A gRPC client that nobody here wrote (grpcio from Debian): health, reflection, and a call made of what reflection told.

Usage: client.py ADDRESS SERVER_NAME ROOT_PEM KEY_PEM CHAIN_PEM DESCRIPTOR_SET
Prints one JSON object. The descriptor set is used for nothing but the messages of reflection itself.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory


def message_class(pool, name):
    descriptor = pool.FindMessageTypeByName(name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def reflected(channel, pool, version, requests):
    prefix = f"grpc.reflection.{version}"
    request_class = message_class(pool, f"{prefix}.ServerReflectionRequest")
    response_class = message_class(pool, f"{prefix}.ServerReflectionResponse")
    call = channel.stream_stream(
        f"/{prefix}.ServerReflection/ServerReflectionInfo",
        request_serializer=request_class.SerializeToString,
        response_deserializer=response_class.FromString,
    )
    return list(call(iter([request_class(**request) for request in requests]), timeout=10))


def main():
    address, name, root, key, chain, descriptors = sys.argv[1:]
    credentials = grpc.ssl_channel_credentials(read(root), read(key), read(chain))
    options = [("grpc.ssl_target_name_override", name), ("grpc.enable_http_proxy", 0)]
    channel = grpc.secure_channel(address, credentials, options)

    ours = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(read(descriptors)).file:
        ours.Add(file)
    out = {}

    health = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=message_class(ours, "grpc.health.v1.HealthCheckRequest").SerializeToString,
        response_deserializer=message_class(ours, "grpc.health.v1.HealthCheckResponse").FromString,
    )
    request = message_class(ours, "grpc.health.v1.HealthCheckRequest")
    out["health"] = json_format.MessageToDict(health(request(), timeout=10))
    try:
        health(request(service="no.such.Service"), timeout=10)
    except grpc.RpcError as error:
        out["unknown_service"] = error.code().name

    for version in ("v1", "v1alpha"):
        [listed] = reflected(channel, ours, version, [{"list_services": "*"}])
        out[f"services_{version}"] = [service.name for service in listed.list_services_response.service]
    answers = reflected(
        channel,
        ours,
        "v1",
        [
            {"file_containing_symbol": "nodectl.v1.SystemService"},
            {"file_by_filename": "nodectl/v1/access.proto"},
            {"file_containing_extension": {"containing_type": "google.protobuf.MethodOptions", "extension_number": 50001}},
            {"all_extension_numbers_of_type": "google.protobuf.MethodOptions"},
            {"file_containing_symbol": "nodectl.v1.NoSuchThing"},
        ],
    )
    symbol, by_name, extension, numbers, missing = answers
    out["extension_file"] = descriptor_pb2.FileDescriptorProto.FromString(
        extension.file_descriptor_response.file_descriptor_proto[0]
    ).name
    out["extension_numbers"] = sorted(numbers.all_extension_numbers_response.extension_number)
    out["missing"] = missing.error_response.error_code
    out["by_name"] = len(by_name.file_descriptor_response.file_descriptor_proto) > 1

    theirs = descriptor_pool.DescriptorPool()
    files = {}
    for raw in symbol.file_descriptor_response.file_descriptor_proto:
        file = descriptor_pb2.FileDescriptorProto.FromString(raw)
        files[file.name] = file

    added = set()

    def add(file):
        if file.name in added:
            return
        added.add(file.name)
        for dependency in file.dependency:
            add(files[dependency])
        theirs.Add(file)

    for file in files.values():
        add(file)
    version_call = channel.unary_unary(
        "/nodectl.v1.SystemService/GetVersion",
        request_serializer=message_class(theirs, "nodectl.v1.GetVersionRequest").SerializeToString,
        response_deserializer=message_class(theirs, "nodectl.v1.GetVersionResponse").FromString,
    )
    out["version"] = json_format.MessageToDict(
        version_call(message_class(theirs, "nodectl.v1.GetVersionRequest")(), timeout=10)
    )
    deny = channel.unary_unary("/nodectl.v1.AccessService/Deny", request_serializer=bytes, response_deserializer=bytes)
    try:
        deny(b"", timeout=10)
    except grpc.RpcError as error:
        out["deny"] = {
            "code": error.code().name,
            "message": error.details(),
            "details": any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata()),
        }
    print(json.dumps(out))


main()
